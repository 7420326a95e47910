import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import type { AccessReviewInput } from './access-review.inputs.js';
import { type AccessReview, toAccessReview } from './access-review.model.js';
import { type MyAccess, toMyAccess } from './my-access.model.js';

/** Who may do what, and why, as the gate would decide. */
@Injectable()
export class AccessReviewsService {
  constructor(private readonly gate: Gate) {}

  /**
   * @throws DomainError `forbidden` for a question about others without `roleBindings:list`; `not_found` for a subject,
   *   an engine or a target that there is not for the actor; `invalid_input` for a question that makes no sense
   */
  async review(actor: Actor, input: AccessReviewInput): Promise<AccessReview> {
    return toAccessReview(await this.gate.as(actor).review(input));
  }

  async mine(actor: Actor): Promise<MyAccess> {
    return toMyAccess(actor, await this.gate.as(actor).overview());
  }
}
