import { DomainError } from '../../common/errors.js';
import { dockerHub } from './docker-hub.js';
import { distribution } from './distribution.js';
import { github } from './github.js';
import { plainJson } from './plain-json.js';
import type { Pointers, SentPayload, Understood } from './sent-payload.js';

/** Whose calls a hook understands. */
export const PAYLOAD_FORMATS = ['json', 'dockerHub', 'distribution', 'github'] as const;
export type PayloadFormat = (typeof PAYLOAD_FORMATS)[number];

type Reader = (payload: SentPayload, pointers: Pointers) => Understood;

const READERS: Readonly<Record<PayloadFormat, Reader>> = {
  json: plainJson,
  dockerHub,
  distribution,
  github,
};

/** What a call of a format tells of, or why nothing is to be done for it. */
export function understand(format: PayloadFormat, payload: SentPayload, pointers: Pointers): Understood {
  return READERS[format](payload, pointers);
}

/**
 * The document in a body. GitHub may send it in a form.
 *
 * @throws DomainError `invalid_input` for what is no JSON, and for a form without one
 */
export function documentIn(body: Buffer, contentType: string): unknown {
  if (body.length === 0) return {};
  const text = utf8(body);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(contentType);
  const json = isForm ? new URLSearchParams(text).get('payload') : text;
  try {
    return JSON.parse(json ?? '');
  } catch (cause) {
    throw new DomainError('invalid_input', 'The body is not JSON', { cause });
  }
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new DomainError('invalid_input', 'The body is not UTF-8', { cause });
  }
}
