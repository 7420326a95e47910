import { beforeAll, describe, expect, it } from '@jest/globals';
import { PasswordHasher } from './password-hasher.js';

const PASSWORD = 'Größenwahn 1';

describe('a hashed password', () => {
  const hasher = new PasswordHasher();
  let hash: string;
  beforeAll(async () => {
    hash = await hasher.hash(PASSWORD);
  });

  it('is Argon2id with the parameters that OWASP recommends, and a salt of its own', async () => {
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.hash(PASSWORD)).not.toBe(hash);
  });

  it('is known again, also when another keyboard composes its letters otherwise', async () => {
    expect(await hasher.verify(PASSWORD, hash)).toBe(true);
    expect(await hasher.verify(PASSWORD.normalize('NFD'), hash)).toBe(true);
  });

  it.each(['Größenwahn 2', 'größenwahn 1', `${PASSWORD} `, '', PASSWORD.repeat(1_000)])(
    'is not %j',
    async (other) => {
      expect(await hasher.verify(other, hash)).toBe(false);
    },
  );

  it('of nobody is no password at all', async () => {
    expect(await hasher.verify(PASSWORD, undefined)).toBe(false);
  });
});

describe('a flood of sign-ins', () => {
  it('is turned away beyond what may wait, and what was let in is answered rightly', async () => {
    const hasher = new PasswordHasher();
    const results = await Promise.allSettled(
      Array.from({ length: 120 }, () => hasher.verify('x'.repeat(12), undefined)),
    );
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(120 - 64 - 3);
    expect(refused.length).toBeLessThan(120);
    for (const result of results) {
      if (result.status === 'fulfilled') expect(result.value).toBe(false);
      else expect(result.reason).toMatchObject({ kind: 'too_many_requests' });
    }
  });
});
