import { describe, expect, it } from '@jest/globals';
import {
  bearerKind,
  familyOf,
  hashToken,
  newAccessToken,
  newApiToken,
  newFamily,
  newRefreshToken,
} from './secret-token.js';

describe('a token', () => {
  it('says what it is for, and is different every time', () => {
    expect(newAccessToken()).toMatch(/^dma_[\w-]{43}$/);
    expect(newApiToken()).toMatch(/^dmp_[\w-]{43}$/);
    expect(newRefreshToken(newFamily())).toMatch(/^dmr_[\w-]{86}$/);
    expect(newAccessToken()).not.toBe(newAccessToken());
  });

  it('is stored as its SHA-256', () => {
    expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('behind `Bearer`', () => {
  it('stands an access token or an API token', () => {
    expect(bearerKind(newAccessToken())).toBe('access');
    expect(bearerKind(newApiToken())).toBe('api');
  });

  it.each([
    ['a refresh token', newRefreshToken(newFamily())],
    ['nothing', ''],
    ['a prefix alone', 'dma_'],
    ['a token with more behind it', `${newAccessToken()}x`],
    ['a token with a line break', `${newAccessToken()}\n`],
    ['another prefix', `dmx_${'a'.repeat(43)}`],
  ])('never stands %s', (_what, text) => {
    expect(bearerKind(text)).toBeUndefined();
  });
});

describe('a refresh token', () => {
  it('names its family, and is not guessed from it', () => {
    const family = newFamily();
    expect(familyOf(newRefreshToken(family))).toBe(family);
    expect(newRefreshToken(family)).not.toBe(newRefreshToken(family));
  });

  it('has no family where it has not the form of one', () => {
    expect(familyOf(newAccessToken())).toBeUndefined();
    expect(familyOf(`dmr_${newFamily()}`)).toBeUndefined();
  });
});
