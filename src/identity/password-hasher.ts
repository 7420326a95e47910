import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { BoundedWork } from './bounded-work.js';
import { MAX_PASSWORD_INPUT, normalizePassword } from './password-policy.js';

/** Argon2id (the library's default) with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Hashes share libuv's four threads with file system and name look-ups, and take 19 MiB each. */
const MAX_AT_ONCE = 3;
const MAX_WAITING = 64;

/** Hashes passwords, a few at a time, so that a flood of sign-ins takes neither all memory nor all processors. */
@Injectable()
export class PasswordHasher {
  private readonly work = new BoundedWork(
    Math.min(MAX_AT_ONCE, Math.max(1, availableParallelism() - 1)),
    MAX_WAITING,
  );
  private readonly nobodysHash = hash(randomBytes(32), ARGON2);

  /**
   * @returns the hash in PHC string format, with its salt and parameters
   * @throws DomainError `too_many_requests`
   */
  hash(password: string): Promise<string> {
    return this.work.run(() => hash(normalizePassword(password), ARGON2));
  }

  /**
   * Whether `password` is the one that `hash` is of. Where there is no hash, it does the same work and says no, so
   * that the time does not tell whether a user exists.
   *
   * @throws DomainError `too_many_requests`
   */
  verify(password: string, hash: string | undefined): Promise<boolean> {
    const candidate = password.length > MAX_PASSWORD_INPUT ? '' : normalizePassword(password);
    return this.work.run(async () => {
      const matches = await verify(hash ?? (await this.nobodysHash), candidate);
      return matches && hash !== undefined;
    });
  }
}
