import { DomainError } from '../common/errors.js';

/** Lower-case ASCII letters, digits, `.`, `_` and `-`: no two usernames look alike. */
const USERNAME = /^[a-z0-9._-]{1,64}$/;

/** As a username is stored and looked up. What a user types may be in any case. */
export function normalizeUsername(text: string): string {
  return text.toLowerCase();
}

/** Whether a user may be called `username`, in normal form. */
export function isUsername(username: string): boolean {
  return USERNAME.test(username);
}

/**
 * @returns the username in normal form
 * @throws DomainError `invalid_input`
 */
export function checkUsername(text: string): string {
  return checkName(text, 'username');
}

/**
 * The name of a team or service account, which follows the rules of usernames.
 *
 * @param field the name of the field that the error is about
 * @returns the name in normal form
 * @throws DomainError `invalid_input`
 */
export function checkName(text: string, field = 'name'): string {
  const name = normalizeUsername(text);
  if (isUsername(name)) return name;
  throw new DomainError('invalid_input', `The ${field} is not valid`, {
    errors: [{ field, message: 'must be 1 to 64 of a-z, 0-9, ".", "_" and "-"' }],
  });
}
