import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { OidcClient } from './oidc-client.js';
import { OidcIdentities } from './oidc-identities.service.js';
import { SecondFactors } from './second-factors.service.js';
import { requireOver } from './subject-change.js';
import { UsersService } from './users.service.js';

/**
 * How others sign in, for who may change them: each of these lets somebody in who was not before, so it is only for who
 * may do all that the user may.
 */
@Injectable()
export class UserSignIn {
  constructor(
    private readonly gate: Gate,
    private readonly users: UsersService,
    private readonly secondFactors: SecondFactors,
    private readonly identities: OidcIdentities,
    private readonly client: OidcClient,
  ) {}

  /** @throws DomainError `forbidden`; `not_found` */
  async resetSecondFactor(actor: Actor, id: string): Promise<void> {
    await this.change(actor, { id, kind: 'secondFactor' }, () => this.secondFactors.remove(id));
  }

  /** @throws DomainError `forbidden`; `not_found`, also where OpenID Connect is not set up; `conflict` */
  async linkOidc(actor: Actor, id: string, subject: string): Promise<void> {
    await this.change(actor, { id, kind: 'oidcIdentity' }, () => {
      const { issuer } = this.client.settings;
      return this.identities.link(id, { issuer, subject });
    });
  }

  /** @throws DomainError `forbidden`; `not_found` */
  async unlinkOidc(actor: Actor, id: string): Promise<void> {
    await this.change(actor, { id, kind: 'oidcIdentity' }, () => this.identities.unlink(id));
  }

  private async change(
    actor: Actor,
    target: { readonly id: string; readonly kind: string },
    work: () => Promise<void>,
  ): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('users:update');
    const { username: name } = await this.users.get(target.id);
    await requireOver(gate, 'users:update', { kind: 'user', id: target.id });
    await gate.change('users:update', { ...target, name }, work);
  }
}
