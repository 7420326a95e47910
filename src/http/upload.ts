import type { Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';

/**
 * The body of a request as it comes, to be passed on with back-pressure.
 *
 * @param body what the framework made of it
 * @throws DomainError `unsupported_media_type` for what is no archive
 */
export function uploadOf(body: unknown): Readable {
  if (isReadable(body)) return body;
  throw new DomainError(
    'unsupported_media_type',
    'Send the archive as application/x-tar, application/gzip or application/octet-stream',
  );
}

function isReadable(value: unknown): value is Readable {
  return typeof value === 'object' && value !== null && 'pipe' in value;
}
