import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';
import { checkPassword } from './password-policy.js';
import { type SecondFactorProof, SecondFactors } from './second-factors.service.js';
import { type IssuedTokens, SessionsService } from './sessions.service.js';
import { requireSignedIn } from './signed-in-only.js';
import { SignInAttempts, type Verdict } from './sign-in-attempts.service.js';
import { type UserCredentials, UsersService } from './users.service.js';

/** Signing in and out by password, with a second factor where the user has one. */
@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersService,
    private readonly attempts: SignInAttempts,
    private readonly secondFactors: SecondFactors,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param address the peer's, for throttling
   * @throws DomainError `unauthenticated`, the same whether the user is unknown or disabled or the password wrong;
   *   `second_factor_required` where the password is right and a code is missing; `too_many_requests`
   */
  async signIn(
    username: string,
    password: string,
    address: string,
    proof: SecondFactorProof = {},
  ): Promise<IssuedTokens> {
    let reason = 'The username or password is wrong';
    const verdict = await this.attempts.judge<UserCredentials>(
      { operation: 'signIn', username, address },
      async () => {
        const first = await this.attempts.password(username, password);
        if (first.is !== 'right') return first;
        const second = await this.checkSecondFactor(first.value, proof);
        if (second.is === 'wrong') reason = 'The code is wrong, or was used already';
        return second;
      },
    );
    if (verdict.is === 'unfinished') {
      throw new DomainError(
        'second_factor_required',
        'Send `totp` or `recoveryCode` along with the password',
      );
    }
    if (verdict.is === 'wrong') throw new DomainError('unauthenticated', reason);
    const { sessionId, ...tokens } = await this.sessions.begin(verdict.value);
    await this.audit.succeeded({
      ...requestContext(),
      actor: actorOf(verdict.value),
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
    await requireSignedIn(
      this.audit,
      actor,
      'changePassword',
      'A password is changed by who signed in with it, not with an API token',
    );
    checkPassword(next, actor.name, 'newPassword');
    const verdict = await this.attempts.judge(
      { operation: 'changePassword', username: actor.name, address, actor },
      () => this.attempts.password(actor.name, current),
    );
    if (verdict.is !== 'right') throw wrongCurrentPassword();
    const record = await this.audit.begin({
      ...requestContext(),
      actor,
      operation: 'changePassword',
      targetKind: 'user',
      targetId: verdict.value.id,
      targetName: verdict.value.username,
    });
    await this.users.setPassword(verdict.value.id, next);
    await this.audit.complete(record, 'succeeded');
  }

  private async checkSecondFactor(
    user: UserCredentials,
    proof: SecondFactorProof,
  ): Promise<Verdict<UserCredentials>> {
    if (!(await this.secondFactors.isRequired(user.id))) return { is: 'right', value: user };
    if (proof.totp === undefined && proof.recoveryCode === undefined) return { is: 'unfinished' };
    if (await this.secondFactors.verify(user.id, proof)) return { is: 'right', value: user };
    return { is: 'wrong', reason: 'Wrong code of the second factor', target: user };
  }
}

export function wrongCurrentPassword(): DomainError {
  return new DomainError('invalid_input', 'The current password is wrong', {
    errors: [{ field: 'currentPassword', message: 'is wrong' }],
  });
}

function actorOf({ id, username }: UserCredentials): Pick<Actor, 'kind' | 'id' | 'name'> {
  return { kind: 'user', id, name: username };
}
