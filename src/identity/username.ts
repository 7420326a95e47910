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
  const username = normalizeUsername(text);
  if (isUsername(username)) return username;
  throw new DomainError('invalid_input', 'The username is not valid', {
    errors: [{ field: 'username', message: 'must be 1 to 64 of a-z, 0-9, ".", "_" and "-"' }],
  });
}
