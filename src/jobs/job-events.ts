import type { DomainEvent } from '../events/domain-event.js';
import { eventId } from '../events/domain-event.js';
import type { FinalJobState } from './job-kinds.js';
import type { StoredJob } from './job-row.js';

const TYPES = {
  succeeded: 'job.succeeded',
  failed: 'job.failed',
  cancelled: 'job.cancelled',
} as const satisfies Record<FinalJobState, DomainEvent['type']>;

/** What there is to tell of a job that has ended: not its error in words, which may quote what is for its starter only. */
export function endOf(job: StoredJob): DomainEvent {
  const type = TYPES[job.state as FinalJobState];
  return {
    id: eventId('job', job.id, type),
    type,
    engine: job.engine,
    subject: { kind: 'job', id: job.id, name: job.kind },
    labels: {},
    ...(job.created_by_kind === 'system'
      ? {}
      : { owner: { ownerKind: job.created_by_kind, ownerId: job.created_by_id } }),
    data: {
      jobKind: job.kind,
      target: job.target_name,
      startedBy: job.created_by_name,
      ...(type === 'job.failed' ? { errorCode: job.error_code } : {}),
    },
    at: job.finished_at ?? job.created_at,
  };
}
