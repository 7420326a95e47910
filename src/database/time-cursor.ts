import { decodeCursor } from '../common/pagination.js';
import { DomainError } from '../common/errors.js';
import { isUuid } from '../common/uuid-v7.js';

/**
 * Reads the cursor of a list that is sorted by time and id, which are a `bigint` and a UUID in the database.
 *
 * @throws DomainError `invalid_input` for any other cursor: PostgreSQL would take it for a fault of ours
 */
export function decodeTimeCursor(cursor: string): { at: number; id: string } {
  const [at, id] = decodeCursor(cursor, 'number');
  if (!Number.isSafeInteger(at) || !isUuid(id)) {
    throw new DomainError('invalid_input', 'The cursor is not one that this list answered with', {
      errors: [{ field: 'after', message: 'must be the cursor of an earlier page of this list' }],
    });
  }
  return { at, id };
}
