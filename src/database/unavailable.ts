import { DomainError } from '../common/errors.js';

const RETRY_AFTER_S = 2;

/** The database is away or can't write. The next call tries it again, so nothing needs a restart. */
export function unavailable(cause: unknown): DomainError {
  return new DomainError('unavailable', 'The database is not available at the moment', {
    retryAfter: RETRY_AFTER_S,
    cause,
  });
}
