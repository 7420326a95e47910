import { DomainError } from '../common/errors.js';
import type { AuditEntry } from './audit-record.js';
import type { AuditService } from './audit.service.js';

/**
 * For what is decided outside the gate: a refusal by `decide` is on record, as the gate's are. What does not exist for
 * the actor is refused too.
 *
 * @param entry what was tried
 * @throws what `decide` throws
 */
export async function recordingRefusal<T>(
  audit: Pick<AuditService, 'refused'>,
  entry: AuditEntry,
  decide: () => T | Promise<T>,
): Promise<T> {
  try {
    return await decide();
  } catch (error) {
    if (error instanceof DomainError && (error.kind === 'forbidden' || error.kind === 'not_found'))
      await audit.refused(entry, error.message);
    throw error;
  }
}
