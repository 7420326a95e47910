import type { CustomFetchOptions } from 'openid-client';
import { DomainError, messageOf } from '../common/errors.js';

/** More than any of a provider's documents. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const RETRY_AFTER_S = 5;

/** The provider does not answer, or not as one does. Why is in `cause`, for the log. */
export function providerUnavailable(cause: unknown): DomainError {
  return new DomainError('unavailable', 'The identity provider is not available at the moment', {
    retryAfter: RETRY_AFTER_S,
    cause,
  });
}

/**
 * Asks the provider: answers are bounded, and redirects are not followed, so that a secret goes to the address that was
 * meant and no other.
 *
 * @throws DomainError `unavailable` where it does not answer, or says that it can't
 */
export async function askProvider(url: string, options: CustomFetchOptions): Promise<Response> {
  try {
    const { body, signal, headers, method } = options;
    const answer = await fetch(url, {
      body: body ?? null,
      signal: signal ?? null,
      headers,
      method,
      redirect: 'manual',
    });
    const bytes = await readBounded(answer);
    if (answer.status >= 500 || answer.status === 429) throw new Error(`it answered ${answer.status}`);
    return new Response(bytes.length > 0 ? bytes : null, { status: answer.status, headers: answer.headers });
  } catch (error) {
    throw providerUnavailable(new Error(`${new URL(url).origin}: ${reasonOf(error)}`, { cause: error }));
  }
}

async function readBounded({ body }: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`it answered with more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Node's fetch tells only in `cause` what went wrong. */
function reasonOf(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)}: ${messageOf(cause)}`;
}
