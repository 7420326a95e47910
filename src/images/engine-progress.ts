import { DomainError } from '../common/errors.js';
import type { ProgressMessage } from './image-documents.js';

const MISSING = /not found|does not exist|manifest unknown|no such image/i;

/**
 * The messages of an engine's answer to long work, up to one that tells of a failure.
 *
 * @param what did not work, for the error
 * @throws DomainError `not_found` for an image that is not where it was looked for, `engine_error` for other failures
 */
export async function* progressOf(
  messages: AsyncIterable<ProgressMessage>,
  what: string,
): AsyncGenerator<ProgressMessage, void, undefined> {
  for await (const message of messages) {
    const failure = message.errorDetail?.message ?? message.error;
    if (typeof failure === 'string')
      throw new DomainError(MISSING.test(failure) ? 'not_found' : 'engine_error', `${what}: ${failure}`);
    yield message;
  }
}
