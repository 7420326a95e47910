import { DomainError, type ErrorKind } from '../../common/errors.js';
import type { OutgoingAnswer } from '../../outgoing/outgoing-answer.js';

const MAX_WORDS = 300;
const KINDS: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid_input',
  401: 'forbidden',
  403: 'forbidden',
  404: 'not_found',
  405: 'not_supported',
  429: 'too_many_requests',
  501: 'not_supported',
};

/**
 * What a registry refused, with its own words. 401 is not the caller's sign-in to us: it becomes `forbidden`.
 *
 * @param registry the name that the caller knows it by
 */
export async function registryError(registry: string, answer: OutgoingAnswer): Promise<DomainError> {
  const { status, headers } = answer;
  const words = wordsOf(await answer.text());
  const kind = KINDS[status] ?? 'unavailable';
  const told = words === '' ? `${status}` : `${status}: ${words}`;
  const message =
    status === 401
      ? `The registry ${registry} does not let in who asks, with the credentials that are stored (${told})`
      : `The registry ${registry} answered ${told}`;
  const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
  return new DomainError(kind, message, retryAfter > 0 && retryAfter < 86_400 ? { retryAfter } : {});
}

/** A registry whose answer is not what the specification says. */
export function notARegistry(registry: string, what: string, cause?: unknown): DomainError {
  return new DomainError('unavailable', `The registry ${registry} answered ${what}`, { cause });
}

/** The first error of the document that the OCI distribution specification has for errors. */
function wordsOf(text: string): string {
  const document = parse(text) as { errors?: { code?: unknown; message?: unknown }[] } | null | undefined;
  const first = Array.isArray(document?.errors) ? document.errors[0] : undefined;
  return [first?.code, first?.message]
    .filter((part): part is string => typeof part === 'string')
    .join(' ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, MAX_WORDS);
}

/** Undefined for what is no JSON: a proxy in front may answer with a page. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
