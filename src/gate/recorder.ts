import { Injectable } from '@nestjs/common';
import type { MadeIds } from '../audit/audit-record.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../common/actor.js';
import { messageOf } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';

/** What a decision was about. */
export interface Subject {
  readonly actor: Actor;
  readonly operation: string;
  readonly engine?: string | undefined;
  readonly target?:
    | { readonly kind: string; readonly id?: string | undefined; readonly name?: string | undefined }
    | undefined;
  /** What else it was about. */
  readonly other?: { readonly id?: string | undefined; readonly name?: string | undefined } | undefined;
}

/** One change that was allowed and is being carried out. */
export interface OpenRecord {
  /** @param made ids that the engine gave to what was made */
  succeeded(made?: MadeIds): Promise<void>;
  failed(error: unknown): Promise<void>;
}

/** Writes the gate's decisions to the audit trail: a change before it reaches the engine, its outcome after, a refusal at once. */
@Injectable()
export class Recorder {
  constructor(private readonly audit: AuditService) {}

  async change(subject: Subject): Promise<OpenRecord> {
    const id = await this.audit.begin(entry(subject));
    return {
      succeeded: (made) => this.audit.complete(id, 'succeeded', undefined, made),
      failed: (error) => this.audit.complete(id, 'failed', messageOf(error)),
    };
  }

  async refusal(subject: Subject, error: unknown): Promise<void> {
    await this.audit.refused(entry(subject), messageOf(error));
  }
}

function entry({ actor, operation, engine, target, other }: Subject) {
  const { requestId, address, door } = requestContext();
  return {
    actor,
    operation,
    engine,
    targetKind: target?.kind,
    targetId: target?.id,
    targetName: target?.name,
    otherId: other?.id,
    otherName: other?.name,
    door,
    requestId,
    address,
  };
}
