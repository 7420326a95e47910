import { createHash } from 'node:crypto';
import { DomainError } from '../common/errors.js';

/** A reading that takes longer is given up, in milliseconds: others wait for it. */
export const READ_TIMEOUT_MS = 15_000;

/** What a list says of an object, in a few bytes. */
export function fingerprintOf(listed: unknown): string {
  return createHash('sha1').update(JSON.stringify(listed)).digest('base64');
}

/** The document, or undefined where the engine has no such object. */
export async function orNone<T>(reading: Promise<{ readonly body: T }>): Promise<T | undefined> {
  try {
    return (await reading).body;
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/** The engine writes null for an empty map or list, whatever its types say. */
export function orEmpty(
  labels: Readonly<Record<string, string>> | null | undefined,
): Readonly<Record<string, string>> {
  return labels ?? {};
}

/** Milliseconds since the epoch; 0 where the engine does not know. */
export function timeOf(text: string | null | undefined): number {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? 0 : time;
}
