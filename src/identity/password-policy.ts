import { DomainError } from '../common/errors.js';
import { isCommonplace } from './password-blocklist.js';
import { normalizeUsername } from './username.js';

/**
 * In code points of the normal form. NIST SP 800-63B-4, section 3.1.1.2: 15 where a password may be all that is asked
 * for, and it may, because a second factor can be given up. Kinds of characters are not counted.
 */
export const MIN_PASSWORD_LENGTH = 15;
export const MAX_PASSWORD_LENGTH = 256;
/** In UTF-16 code units as given: longer ones are not even looked at. */
export const MAX_PASSWORD_INPUT = 1_024;
/** In place of a hash, for a user who has no password: no password is right. */
export const NO_PASSWORD = '!';

const SERVICE = 'dockmaster';
const LENGTH_RULE = `must be ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters long`;

/**
 * As a password is hashed: the same text from any keyboard. Compatibility composition (NFKC), one of the two forms that
 * NIST SP 800-63B names.
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
  if (isCommonplace(normal, [username, SERVICE])) {
    return 'must not consist of what is tried first: common passwords, your username, the name of the service, keyboard rows, repetitions';
  }
  return undefined;
}
