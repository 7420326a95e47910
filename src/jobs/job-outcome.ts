import { printable } from '../audit/audit-text.js';
import { DomainError } from '../common/errors.js';
import { INTERRUPTED } from './job-kinds.js';
import type { JobOutcome } from './job-store.js';
import type { JobError } from './job.model.js';

const MAX_MESSAGE = 2_000;
/** Of a result as JSON, in UTF-16 code units. */
const MAX_RESULT = 16 * 1024;

/** What became of the work of a job. */
export type WorkOutcome = Pick<JobOutcome, 'state' | 'result' | 'error'>;

export const INTERRUPTED_JOB: WorkOutcome = {
  state: 'failed',
  result: null,
  error: { code: INTERRUPTED, message: 'Dockmaster stopped before the work had ended' },
};

/** @throws DomainError `internal` for a result that is too large to be kept */
export function success(result: object | null): WorkOutcome {
  if (result !== null && JSON.stringify(result).length > MAX_RESULT)
    throw new DomainError('internal', 'The work was done, but its result is too large to be kept');
  return { state: 'succeeded', result, error: null };
}

/**
 * What becomes of a job whose work ended with an error. That of work that was cancelled is told where it is another than
 * that it was cancelled: then it may have left something half done.
 *
 * @param ended whether the work was told to end, and why
 */
export function failure(thrown: unknown, ended: 'cancelled' | 'stopped' | undefined): WorkOutcome {
  if (ended === 'stopped') return INTERRUPTED_JOB;
  if (ended === undefined) return { state: 'failed', result: null, error: errorOf(thrown) };
  return { state: 'cancelled', result: null, error: isAbort(thrown) ? null : errorOf(thrown) };
}

function isAbort(thrown: unknown): boolean {
  if (thrown instanceof DomainError) return thrown.kind === 'cancelled';
  return typeof thrown === 'object' && thrown !== null && 'name' in thrown && thrown.name === 'AbortError';
}

/** What we did not foresee tells nothing of our insides. */
function errorOf(thrown: unknown): JobError {
  return thrown instanceof DomainError
    ? { code: thrown.kind, message: printable(thrown.message, MAX_MESSAGE) }
    : { code: 'internal', message: 'Something went wrong on our side; the id of the job leads to the log' };
}
