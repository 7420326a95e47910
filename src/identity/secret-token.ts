import { createHash, randomBytes } from 'node:crypto';

/**
 * Opaque tokens of 256 random bits. A prefix says what a token is for, so that one that leaked is recognised, and one
 * kind is never taken for another.
 */
const ACCESS = 'dma_';
const REFRESH = 'dmr_';
const API = 'dmp_';
const OIDC_TRANSACTION = 'dmo_';
const HOOK = 'dmh_';
const SECRET = '[A-Za-z0-9_-]{43}';
const BEARER = new RegExp(`^(${ACCESS}|${API})${SECRET}$`);
const HOOK_TOKEN = new RegExp(`^${HOOK}${SECRET}$`);
const REFRESH_TOKEN = new RegExp(`^${REFRESH}(${SECRET})${SECRET}$`);

export function newAccessToken(): string {
  return ACCESS + newSecret();
}

export function newApiToken(): string {
  return API + newSecret();
}

/** What a client completes a sign-in by OpenID Connect with. */
export function newOidcTransactionId(): string {
  return OIDC_TRANSACTION + newSecret();
}

/** What an incoming hook is called by: it is a part of the hook's address. */
export function newHookToken(): string {
  return HOOK + newSecret();
}

export function isHookToken(text: string): boolean {
  return HOOK_TOKEN.test(text);
}

/** The part that all refresh tokens of one sign-in share. */
export function newFamily(): string {
  return newSecret();
}

/** A refresh token is its family and a secret of its own: only who had a token of the family can name the family. */
export function newRefreshToken(family: string): string {
  return REFRESH + family + newSecret();
}

/** The family of a refresh token; undefined for what has not the form of one. */
export function familyOf(refreshToken: string): string | undefined {
  return REFRESH_TOKEN.exec(refreshToken)?.[1];
}

/** What kind of token may stand behind `Bearer`; undefined for what has not the form of one. */
export function bearerKind(token: string): 'access' | 'api' | undefined {
  switch (BEARER.exec(token)?.[1]) {
    case ACCESS:
      return 'access';
    case API:
      return 'api';
    default:
      return undefined;
  }
}

/** As tokens are stored. A plain hash is enough for what can't be guessed. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
