import { createHash, randomInt } from 'node:crypto';

export const RECOVERY_CODES = 10;
/** Digits and letters that are not taken for each other. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GROUPS = 4;
const GROUP_LENGTH = 6;

/**
 * New codes, each of 120 random bits: above 112, NIST SP 800-63B asks for no slow hash (look-up secrets).
 *
 * @returns such as `7k2m9q-x4c8vn-0hbt5e-w3jzr6`
 */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () =>
    Array.from({ length: GROUPS }, () =>
      Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
    ).join('-'),
  );
}

/** As a code is stored. What a user types may be in any case, with or without its dashes. */
export function hashRecoveryCode(code: string): string {
  return createHash('sha256').update(code.toLowerCase().replace(/[\s-]/g, '')).digest('hex');
}
