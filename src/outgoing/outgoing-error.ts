import { DomainError, type ErrorKind } from '../common/errors.js';

/**
 * Why an outgoing request came to nothing:
 * - `invalid`: the address is none that can be asked;
 * - `refused`: the address may not be called from here. Nothing was sent to it;
 * - `unreachable`: no connection, or one that broke;
 * - `tls`: the other side could not show who it is;
 * - `timeout`: it took too long;
 * - `tooLarge`: the answer is larger than what was asked for;
 * - `redirect`: the answer points elsewhere, to where we do not follow.
 */
export type OutgoingFailure =
  'invalid' | 'refused' | 'unreachable' | 'tls' | 'timeout' | 'tooLarge' | 'redirect';

const KINDS: Readonly<Record<OutgoingFailure, ErrorKind>> = {
  invalid: 'invalid_input',
  refused: 'forbidden',
  unreachable: 'unavailable',
  tls: 'unavailable',
  timeout: 'unavailable',
  tooLarge: 'unavailable',
  redirect: 'unavailable',
};

/** The message names the host that was asked for, and neither what it resolves to nor anything that was sent. */
export class OutgoingError extends DomainError {
  constructor(
    readonly failure: OutgoingFailure,
    message: string,
    cause?: unknown,
  ) {
    super(KINDS[failure], message, { cause });
    this.name = 'OutgoingError';
  }
}
