import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';
import { PasswordHasher } from './password-hasher.js';
import { checkPassword } from './password-policy.js';
import { type IssuedTokens, SessionsService } from './sessions.service.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { normalizeUsername } from './username.js';
import { type UserCredentials, UsersService } from './users.service.js';

interface PasswordAttempt {
  readonly username: string;
  readonly password: string;
  /** The peer's, for throttling. */
  readonly address: string;
  /** Who is signed in already. */
  readonly actor?: Actor;
}

/** Signing in and out by password. */
@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly throttle: SignInThrottle,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param address the peer's, for throttling
   * @throws DomainError `unauthenticated`, the same whether the user is unknown or disabled or the password wrong;
   *   `too_many_requests`
   */
  async signIn(username: string, password: string, address: string): Promise<IssuedTokens> {
    const user = await this.verify('signIn', { username, password, address });
    if (!user) throw new DomainError('unauthenticated', 'The username or password is wrong');
    const { sessionId, ...tokens } = await this.sessions.begin(user);
    await this.audit.succeeded({
      ...requestContext(),
      actor: actorOf(user),
      operation: 'signIn',
      targetKind: 'session',
      targetId: sessionId,
    });
    return tokens;
  }

  /** Ends the session of the presented access token. An API token is revoked, not signed out. */
  async signOut(actor: Actor): Promise<void> {
    if (actor.sessionId === undefined) {
      throw new DomainError('not_supported', 'This is not a session; revoke the API token instead');
    }
    await this.sessions.end(actor.sessionId);
    await this.audit.succeeded({
      ...requestContext(),
      actor,
      operation: 'signOut',
      targetKind: 'session',
      targetId: actor.sessionId,
    });
  }

  /**
   * Changes one's own password, and ends all of one's sessions.
   *
   * @throws DomainError `invalid_input` for a wrong current password or a new one against the rules; `forbidden` for an
   *   API token; `too_many_requests`
   */
  async changePassword(actor: Actor, current: string, next: string, address: string): Promise<void> {
    if (actor.kind !== 'user' || actor.tokenId !== undefined) {
      throw new DomainError(
        'forbidden',
        'A password is changed by who signed in with it, not with an API token',
      );
    }
    checkPassword(next, actor.name, 'newPassword');
    const user = await this.verify('changePassword', {
      username: actor.name,
      password: current,
      address,
      actor,
    });
    if (!user) throw wrongCurrentPassword();
    const record = await this.audit.begin({
      ...requestContext(),
      actor,
      operation: 'changePassword',
      targetKind: 'user',
      targetId: user.id,
      targetName: user.username,
    });
    await this.users.setPassword(user.id, next);
    await this.audit.complete(record, 'succeeded');
  }

  /** The user, where the password is right and the user may sign in. Otherwise the attempt counts, and is recorded. */
  private async verify(
    operation: string,
    { username, password, address, actor }: PasswordAttempt,
  ): Promise<UserCredentials | undefined> {
    const attempt = await this.throttle.begin(normalizeUsername(username), address);
    const { user, matches } = await this.compare(username, password).catch(async (error: unknown) => {
      await this.throttle.withdraw(attempt);
      throw error;
    });
    if (user && matches && !user.disabled) {
      await this.throttle.succeeded(attempt);
      return user;
    }
    const reason = !user ? 'No such user' : !matches ? 'Wrong password' : 'The user is disabled';
    // Who typed it is not known, and it may be a password in the wrong field: only a username that exists is kept.
    const target = user ? { targetKind: 'user', targetId: user.id, targetName: user.username } : {};
    await this.audit.refused({ ...requestContext(), actor, operation, ...target }, reason);
    return undefined;
  }

  private async compare(username: string, password: string) {
    const user = await this.users.findCredentials(username);
    return { user, matches: await this.hasher.verify(password, user?.passwordHash) };
  }
}

function wrongCurrentPassword(): DomainError {
  return new DomainError('invalid_input', 'The current password is wrong', {
    errors: [{ field: 'currentPassword', message: 'is wrong' }],
  });
}

function actorOf({ id, username }: UserCredentials): Pick<Actor, 'kind' | 'id' | 'name'> {
  return { kind: 'user', id, name: username };
}
