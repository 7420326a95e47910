import { DomainError } from '../common/errors.js';
import { normalizeUsername } from './username.js';

/** In code points of the normal form. NIST SP 800-63B-4, section 3.1.1.2: length counts, kinds of characters do not. */
export const MIN_PASSWORD_LENGTH = 12;
export const MAX_PASSWORD_LENGTH = 256;
/** In UTF-16 code units as given: longer ones are not even looked at. */
export const MAX_PASSWORD_INPUT = 1_024;

const LENGTH_RULE = `must be ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters long`;

/**
 * As a password is hashed: the same text from any keyboard. Compatibility composition (NFKC), as NIST SP 800-63B-4
 * advises.
 */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * @param field the name of the field that the error is about
 * @throws DomainError `invalid_input` that says what a password must be, and never repeats it
 */
export function checkPassword(password: string, username: string, field = 'password'): void {
  const message = problemWith(password, username);
  if (message === undefined) return;
  throw new DomainError('invalid_input', `The password ${message}`, { errors: [{ field, message }] });
}

function problemWith(password: string, username: string): string | undefined {
  if (password.length > MAX_PASSWORD_INPUT) return LENGTH_RULE;
  const normal = normalizePassword(password);
  const length = Array.from(normal).length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) return LENGTH_RULE;
  if (/[\p{Cc}\p{Surrogate}]/u.test(normal)) return 'must hold no control characters';
  if (normalizeUsername(normal) === normalizeUsername(username)) return 'must not be the username';
  return undefined;
}
