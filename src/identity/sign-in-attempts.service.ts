import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../common/actor.js';
import { requestContext } from '../common/request-context.js';
import { PasswordHasher } from './password-hasher.js';
import { NO_PASSWORD } from './password-policy.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { normalizeUsername } from './username.js';
import { type UserCredentials, UsersService } from './users.service.js';

/** Something secret that somebody may be guessing. */
export interface Guess {
  /** As in the audit trail: `signIn`, `changePassword`, … */
  readonly operation: string;
  /** What is known of whose it is; unset where it is not about one account. */
  readonly username?: string;
  /** The peer's. */
  readonly address: string;
  /** Who is signed in already. */
  readonly actor?: Actor;
}

/**
 * What came of a guess: `right`; `wrong`, which counts and is recorded with its reason; `unfinished` for what was right
 * so far, which neither counts nor clears a count.
 */
export type Verdict<T> =
  | { readonly is: 'right'; readonly value: T }
  | { readonly is: 'unfinished' }
  | {
      readonly is: 'wrong';
      readonly reason: string;
      /** Whose it was, where such a user exists: what somebody typed may be a password in the wrong field. */
      readonly target?: Pick<UserCredentials, 'id' | 'username'> | undefined;
    };

/** Counts, throttles and records guesses of passwords and codes, all in the same way. */
@Injectable()
export class SignInAttempts {
  constructor(
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly audit: AuditService,
  ) {}

  /**
   * Looks at a guess, unless there were too many.
   *
   * @throws DomainError `too_many_requests`; what `look` throws, without counting it
   */
  async judge<T>(guess: Guess, look: () => Promise<Verdict<T>>): Promise<Verdict<T>> {
    const { operation, username, address, actor } = guess;
    const account = username === undefined ? undefined : normalizeUsername(username);
    const attempt = await this.throttle.begin(account, address);
    let verdict: Verdict<T>;
    try {
      verdict = await look();
    } catch (error) {
      await this.throttle.withdraw(attempt);
      throw error;
    }
    if (verdict.is === 'right') await this.throttle.succeeded(attempt);
    if (verdict.is === 'unfinished') await this.throttle.withdraw(attempt);
    if (verdict.is === 'wrong') {
      const { reason, target } = verdict;
      const subject = target && { targetKind: 'user', targetId: target.id, targetName: target.username };
      await this.audit.refused({ ...requestContext(), actor, operation, ...subject }, reason);
    }
    return verdict;
  }

  /** Whether it is the password of a user who may sign in. The same work whether there is such a user or not. */
  async password(username: string, password: string): Promise<Verdict<UserCredentials>> {
    const user = await this.users.findCredentials(username);
    const hash = user?.passwordHash === NO_PASSWORD ? undefined : user?.passwordHash;
    const matches = await this.hasher.verify(password, hash);
    if (user && matches && !user.disabled) return { is: 'right', value: user };
    const reason = !user ? 'No such user' : !matches ? 'Wrong password' : 'The user is disabled';
    return { is: 'wrong', reason, target: user };
  }
}
