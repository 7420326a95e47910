import type { IncomingMessage } from 'node:http';
import { DomainError, messageOf } from '../../common/errors.js';
import { answerError } from '../engine-errors.js';
import { readWhole } from './answer-body.js';
import type { CallGuard } from './call-guard.js';

const MAX_ERROR_BYTES = 1024 * 1024;

/** Whether an answer is what was asked for. 304 is: the operation had nothing to do (start, stop). */
export function isSuccess(answer: IncomingMessage): boolean {
  const status = statusOf(answer);
  return (status >= 200 && status < 300) || status === 304;
}

export function statusOf(answer: IncomingMessage): number {
  return answer.statusCode ?? 0;
}

/** The error that an answer means which is not a success, or is none where an upgrade was asked for; reads what it says. */
export async function refusal(
  engine: string,
  answer: IncomingMessage,
  guard: CallGuard,
): Promise<DomainError> {
  const status = statusOf(answer);
  if (status >= 400) {
    return answerError(engine, status, await readWhole(engine, answer, guard, MAX_ERROR_BYTES));
  }
  // Not read: it may be a stream without an end. Nor is the connection used again.
  answer.destroy();
  const what =
    status >= 300
      ? 'with a redirect, which is not followed'
      : `${status} where it was to upgrade the connection`;
  return new DomainError('engine_error', `Engine "${engine}" answered ${what}.`);
}

/** The content of a whole answer: parsed where it is JSON, text where it is not, undefined where there is none. */
export function contentOf(engine: string, answer: IncomingMessage, text: string): unknown {
  if (text === '') return undefined;
  if (!(answer.headers['content-type'] ?? 'application/json').includes('json')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const message = `Engine "${engine}" answered with what is not JSON: ${messageOf(error)}`;
    throw new DomainError('engine_error', message, { cause: error });
  }
}
