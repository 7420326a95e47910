import { describe, expect, it } from '@jest/globals';
import { newTotpSecret, otpauthUri, stepOf, totpCode } from './totp.js';

/** `12345678901234567890` of RFC 6238, appendix B, in base32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %d s is the one of RFC 6238', (seconds, code) => {
    expect(totpCode(RFC_SECRET, seconds * 1_000)).toBe(code);
    expect(stepOf(code, RFC_SECRET, seconds * 1_000)).toBe(Math.floor(seconds / 30));
  });

  it('is good one step early and one late, and not beyond', () => {
    const at = 59_000;
    const code = totpCode(RFC_SECRET, at);
    expect([-60, -30, 0, 30, 60].map((offset) => stepOf(code, RFC_SECRET, at + offset * 1_000))).toEqual([
      undefined,
      1,
      1,
      1,
      undefined,
    ]);
  });

  it.each(['', '28708', '2870822', 'abcdef', '28708a'])('is not %j', (text) => {
    expect(stepOf(text, RFC_SECRET, 59_000)).toBeUndefined();
  });
});

describe('a shared secret', () => {
  it('is of 160 random bits', () => {
    expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(newTotpSecret());
  });

  it('is told to an authenticator app with who it is for', () => {
    const uri = new URL(otpauthUri(RFC_SECRET, 'alice'));
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toMatch(/Dockmaster:alice$/);
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Dockmaster',
      secret: RFC_SECRET,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
  });
});
