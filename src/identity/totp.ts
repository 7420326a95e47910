import { Secret, TOTP } from 'otpauth';

/** RFC 6238 with what every authenticator app does: HMAC-SHA-1, 6 digits, 30 s. Elsewhere apps differ. */
const ALGORITHM = 'SHA1';
const DIGITS = 6;
const PERIOD_S = 30;
/** Steps by which the clock of a phone may be off, either way. */
const WINDOW = 1;
/** As long as the hash, as RFC 4226 recommends. */
const SECRET_BYTES = 20;
const ISSUER = 'Dockmaster';

/** @returns a new shared secret, in base32 */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator app reads from a QR code. Holds the secret. */
export function otpauthUri(secret: string, username: string): string {
  return totp(secret, username).toString();
}

/**
 * Which time step the code is of.
 *
 * @param now milliseconds since the epoch
 * @returns undefined for a code of no step near now
 */
export function stepOf(code: string, secret: string, now: number): number | undefined {
  const delta = totp(secret).validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? undefined : Math.floor(now / 1_000 / PERIOD_S) + delta;
}

/** The code that an app shows at that time. For tests. */
export function totpCode(secret: string, at: number): string {
  return totp(secret).generate({ timestamp: at });
}

function totp(secret: string, label = ''): TOTP {
  return new TOTP({
    issuer: ISSUER,
    label,
    algorithm: ALGORITHM,
    digits: DIGITS,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });
}
