import { describe, expect, it } from '@jest/globals';
import { SecretBox } from './secret-box.js';

const KEY = 'a key that is random, at least 32 characters long';
const SECRET = 'JBSWY3DPEHPK3PXP – ü';
const box = new SecretBox(KEY);

/** `sealed` with one bit of one of its parts the other way round. */
function flipped(sealed: string, part: number): string {
  const parts = sealed.split('.');
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
}

describe('a sealed secret', () => {
  it('opens with the same key for the same place, also in another process', () => {
    const sealed = box.seal(SECRET, 'totp:1');
    expect(box.open(sealed, 'totp:1')).toBe(SECRET);
    expect(new SecretBox(KEY).open(sealed, 'totp:1')).toBe(SECRET);
    expect(box.open(box.seal('', 'totp:1'), 'totp:1')).toBe('');
  });

  it('does not show what is in it, and looks different each time', () => {
    const sealed = box.seal(SECRET, 'totp:1');
    expect(sealed).toMatch(new RegExp(`^v1\\.${box.keyId}\\.[\\w-]{16}\\.[\\w-]+$`));
    expect(sealed).not.toContain('JBSWY3DP');
    expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64url').toString()).not.toContain('JBSWY3DP');
    expect(box.seal(SECRET, 'totp:1')).not.toBe(sealed);
  });

  it('does not open for another place', () => {
    expect(() => box.open(box.seal(SECRET, 'totp:1'), 'totp:2')).toThrow(/broken/);
  });

  it('does not open with another key, and tells which one it needs, but not the key', () => {
    const other = new SecretBox(`${KEY}!`);
    const sealed = other.seal(SECRET, 'totp:1');
    expect(() => box.open(sealed, 'totp:1')).toThrow(new RegExp(other.keyId));
    expect(() => box.open(sealed, 'totp:1')).toThrow(/Put back the `secret-key` file/);
    expect(() => box.open(sealed, 'totp:1')).not.toThrow(/random/);
    expect(() => box.open(sealed.replace(other.keyId, box.keyId), 'totp:1')).toThrow(/broken/);
  });

  it.each([
    ['nonce', 2],
    ['text', 3],
  ])('does not open once its %s was changed', (_what, part) => {
    expect(() => box.open(flipped(box.seal(SECRET, 'totp:1'), part), 'totp:1')).toThrow(/broken/);
  });

  it.each(['', 'v1', 'v2.x.y.z', 'v1.a.b.c', SECRET, `${box.seal(SECRET, 'totp:1')}.x`])(
    'is not %j',
    (text) => {
      expect(() => box.open(text, 'totp:1')).toThrow(expect.objectContaining({ kind: 'unavailable' }));
    },
  );

  it('does not open where its end is cut off', () => {
    const sealed = box.seal(SECRET, 'totp:1');
    expect(() => box.open(sealed.slice(0, -8), 'totp:1')).toThrow(/broken/);
  });
});
