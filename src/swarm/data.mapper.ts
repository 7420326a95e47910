import { DomainError } from '../common/errors.js';

interface Given {
  readonly data?: string | undefined;
  readonly text?: string | undefined;
}

/**
 * The data of a secret or config as the Engine API takes it: base64.
 *
 * @param most how many bytes it may have
 * @throws DomainError `invalid_input` unless it is given once, and with at least one byte
 */
export function toData({ data, text }: Given, most: number): string {
  if ((data === undefined) === (text === undefined)) throw fault('data', 'or `text` must be given, not both');
  const bytes = text === undefined ? Buffer.from(data ?? '', 'base64') : Buffer.from(text);
  const field = text === undefined ? 'data' : 'text';
  if (bytes.length === 0 || bytes.length > most) throw fault(field, `must have 1 to ${most} bytes`);
  return bytes.toString('base64');
}

/** The text that base64 stands for; null where it is no UTF-8. */
export function textOf(base64: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return null; // data need not be text
  }
}

function fault(field: string, problem: string): DomainError {
  const message = `${field} ${problem}`;
  return new DomainError('invalid_input', message, { errors: [{ field, message }] });
}
