import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';
import { NO_PASSWORD } from './password-policy.js';
import { type SecondFactorProof, SecondFactors, type SecondFactorState } from './second-factors.service.js';
import { type Guess, SignInAttempts, type Verdict } from './sign-in-attempts.service.js';
import { wrongCurrentPassword } from './sign-in.service.js';
import { requireSignedIn } from './signed-in-only.js';
import { otpauthUri } from './totp.js';
import { UsersService } from './users.service.js';

/**
 * One's own second factor: getting one, new recovery codes, giving it up. Only for who signed in, not by an API token:
 * who found a token must not be able to lock its owner out. What could be guessed counts as signing in does.
 */
@Injectable()
export class SecondFactorEnrolment {
  constructor(
    private readonly users: UsersService,
    private readonly attempts: SignInAttempts,
    private readonly secondFactors: SecondFactors,
    private readonly audit: AuditService,
  ) {}

  async state(actor: Actor): Promise<SecondFactorState> {
    await this.requireSignedIn(actor, 'seeTotp');
    return this.secondFactors.state(actor.id);
  }

  /**
   * Begins an enrolment. It changes nothing until it is confirmed.
   *
   * @throws DomainError `invalid_input` for a wrong password; `conflict` for who has a second factor, or no password;
   *   `forbidden` for an API token; `too_many_requests`
   */
  async enrol(actor: Actor, currentPassword: string): Promise<{ secret: string; otpauthUri: string }> {
    await this.requireSignedIn(actor, 'enrolTotp');
    await this.requireEnrollable(actor);
    const verdict = await this.judge(actor, 'enrolTotp', () =>
      this.attempts.password(actor.name, currentPassword),
    );
    if (verdict.is !== 'right') throw wrongCurrentPassword();
    const secret = await this.recorded(actor, 'enrolTotp', () => this.secondFactors.enrol(actor.id));
    return { secret, otpauthUri: otpauthUri(secret, actor.name) };
  }

  /**
   * @returns recovery codes
   * @throws DomainError `invalid_input` for a wrong code; `conflict` where there is no enrolment to confirm; `forbidden`
   *   for an API token; `too_many_requests`
   */
  async confirm(actor: Actor, code: string): Promise<string[]> {
    await this.requireSignedIn(actor, 'confirmTotp');
    const verdict = await this.judge<string[]>(actor, 'confirmTotp', async () => {
      const codes = await this.secondFactors.confirm(actor.id, code);
      return codes ? { is: 'right', value: codes } : wrongCode(actor);
    });
    if (verdict.is !== 'right') throw refusedCode('code');
    await this.recorded(actor, 'confirmTotp', () => Promise.resolve());
    return verdict.value;
  }

  /**
   * @returns recovery codes in place of those from before
   * @throws DomainError `invalid_input` for a wrong proof; `conflict` for who has no second factor; `forbidden` for an API
   *   token; `too_many_requests`
   */
  async renewRecoveryCodes(actor: Actor, proof: SecondFactorProof): Promise<string[]> {
    await this.prove(actor, 'renewRecoveryCodes', proof);
    return this.recorded(actor, 'renewRecoveryCodes', () => this.secondFactors.renewRecoveryCodes(actor.id));
  }

  /** @throws as `renewRecoveryCodes` */
  async disable(actor: Actor, proof: SecondFactorProof): Promise<void> {
    await this.prove(actor, 'disableTotp', proof);
    await this.recorded(actor, 'disableTotp', () => this.secondFactors.remove(actor.id));
  }

  private async prove(actor: Actor, operation: string, proof: SecondFactorProof): Promise<void> {
    await this.requireSignedIn(actor, operation);
    if (!(await this.secondFactors.isRequired(actor.id))) {
      throw new DomainError('conflict', 'You have no second factor');
    }
    const verdict = await this.judge<true>(actor, operation, async () =>
      (await this.secondFactors.verify(actor.id, proof)) ? { is: 'right', value: true } : wrongCode(actor),
    );
    if (verdict.is !== 'right') throw refusedCode(proof.totp === undefined ? 'recoveryCode' : 'totp');
  }

  private requireSignedIn(actor: Actor, operation: string): Promise<void> {
    const message = 'A second factor is changed by who signed in, not with an API token';
    return requireSignedIn(this.audit, actor, operation, message);
  }

  private async requireEnrollable(actor: Actor): Promise<void> {
    // Before the password is looked at: its being right must not clear the count of wrong codes.
    if (await this.secondFactors.isRequired(actor.id)) {
      throw new DomainError('conflict', 'You have a second factor already; take it away first');
    }
    const user = await this.users.findCredentials(actor.name);
    if (user?.passwordHash === NO_PASSWORD) {
      throw new DomainError(
        'conflict',
        'You have no password here; a second factor is a matter of your identity provider',
      );
    }
  }

  private judge<T>(actor: Actor, operation: string, look: () => Promise<Verdict<T>>): Promise<Verdict<T>> {
    const guess: Guess = { operation, username: actor.name, address: requestContext().address, actor };
    return this.attempts.judge(guess, look);
  }

  private async recorded<T>(actor: Actor, operation: string, work: () => Promise<T>): Promise<T> {
    const record = await this.audit.begin({
      ...requestContext(),
      actor,
      operation,
      targetKind: 'user',
      targetId: actor.id,
      targetName: actor.name,
    });
    try {
      const result = await work();
      await this.audit.complete(record, 'succeeded');
      return result;
    } catch (error) {
      await this.audit.complete(record, 'failed');
      throw error;
    }
  }
}

function wrongCode({ id, name }: Actor): Verdict<never> {
  return { is: 'wrong', reason: 'Wrong code of the second factor', target: { id, username: name } };
}

function refusedCode(field: string): DomainError {
  return new DomainError('invalid_input', 'The code is wrong, or was used already', {
    errors: [{ field, message: 'is wrong, or was used already' }],
  });
}
