import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { SecretBox } from '../common/secret-box.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import { newTotpSecret, stepOf } from './totp.js';

/** An enrolment that nobody confirmed is worth nothing after this. */
const PENDING_LIFETIME_MS = 15 * 60_000;
/** Before all steps. */
const NO_STEP = -1;

/** What shows that somebody has the second factor: either of them. */
export interface SecondFactorProof {
  /** The code that the authenticator app shows. */
  readonly totp?: string | undefined;
  readonly recoveryCode?: string | undefined;
}

export interface SecondFactorState {
  readonly enabled: boolean;
  /** Milliseconds since the epoch. */
  readonly confirmedAt: number | undefined;
  readonly recoveryCodesLeft: number;
}

/** The second factors of users: secrets of authenticator apps, and recovery codes in their stead. */
@Injectable()
export class SecondFactors {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly box: SecretBox,
  ) {}

  async state(userId: string): Promise<SecondFactorState> {
    const row = await this.confirmed(userId);
    const { count } = await this.db
      .selectFrom('recovery_code')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('user_id', '=', userId)
      .executeTakeFirstOrThrow();
    return {
      enabled: row !== undefined,
      confirmedAt: row?.confirmed_at ?? undefined,
      recoveryCodesLeft: count,
    };
  }

  /** Whether the user has to give a code to sign in. */
  async isRequired(userId: string): Promise<boolean> {
    return (await this.confirmed(userId)) !== undefined;
  }

  /**
   * Begins an enrolment, in place of one that was not confirmed.
   *
   * @returns the shared secret, in base32
   * @throws DomainError `conflict` where the user has a second factor
   */
  async enrol(userId: string): Promise<string> {
    const secret = newTotpSecret();
    const values = {
      sealed: this.box.seal(secret, placeOf(userId)),
      created_at: this.clock.now(),
      confirmed_at: null,
      last_step: NO_STEP,
    };
    const { numInsertedOrUpdatedRows } = await this.db
      .insertInto('totp')
      .values({ user_id: userId, ...values })
      .onConflict((conflict) =>
        conflict.column('user_id').doUpdateSet(values).where('totp.confirmed_at', 'is', null),
      )
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows !== 1n) throw enrolledAlready();
    return secret;
  }

  /**
   * Makes a pending enrolment the user's second factor, if the code is right.
   *
   * @returns recovery codes; undefined for a wrong code
   * @throws DomainError `conflict` where there is nothing to confirm (any more)
   */
  async confirm(userId: string, code: string): Promise<string[] | undefined> {
    const now = this.clock.now();
    const row = await this.db
      .selectFrom('totp')
      .selectAll()
      .where('user_id', '=', userId)
      .where('created_at', '>', now - PENDING_LIFETIME_MS)
      .where('confirmed_at', 'is', null)
      .executeTakeFirst();
    if (!row) throw new DomainError('conflict', 'There is no enrolment to confirm; begin one');
    const step = stepOf(code, this.box.open(row.sealed, placeOf(userId)), now);
    if (step === undefined) return undefined;
    return this.db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('totp')
        .set({ confirmed_at: now, last_step: step })
        .where('user_id', '=', userId)
        .where('sealed', '=', row.sealed)
        .where('confirmed_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) throw enrolledAlready();
      return renew(userId, transaction);
    });
  }

  /** Whether `proof` is right. A code, and a recovery code, is right once. */
  async verify(userId: string, { totp, recoveryCode }: SecondFactorProof): Promise<boolean> {
    if (totp !== undefined) return this.spendCode(userId, totp);
    if (recoveryCode !== undefined) return this.spendRecoveryCode(userId, recoveryCode);
    return false;
  }

  /** New recovery codes, in place of all that there were. */
  renewRecoveryCodes(userId: string): Promise<string[]> {
    return this.db.transaction().execute((transaction) => renew(userId, transaction));
  }

  /** Takes the second factor away, with its recovery codes; a pending enrolment too. */
  async remove(userId: string): Promise<void> {
    await this.db.deleteFrom('totp').where('user_id', '=', userId).execute();
  }

  private confirmed(userId: string) {
    return this.db
      .selectFrom('totp')
      .selectAll()
      .where('user_id', '=', userId)
      .where('confirmed_at', 'is not', null)
      .executeTakeFirst();
  }

  private async spendCode(userId: string, code: string): Promise<boolean> {
    const row = await this.confirmed(userId);
    if (!row) return false;
    const step = stepOf(code, this.box.open(row.sealed, placeOf(userId)), this.clock.now());
    if (step === undefined) return false;
    const { numUpdatedRows } = await this.db
      .updateTable('totp')
      .set({ last_step: step })
      .where('user_id', '=', userId)
      .where('sealed', '=', row.sealed)
      .where('last_step', '<', step)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  private async spendRecoveryCode(userId: string, code: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('recovery_code')
      .where('user_id', '=', userId)
      .where('hash', '=', hashRecoveryCode(code))
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }
}

async function renew(userId: string, transaction: Database): Promise<string[]> {
  const codes = newRecoveryCodes();
  await transaction.deleteFrom('recovery_code').where('user_id', '=', userId).execute();
  await transaction
    .insertInto('recovery_code')
    .values(codes.map((code) => ({ user_id: userId, hash: hashRecoveryCode(code) })))
    .execute();
  return codes;
}

/** Where the secret of a user is stored, for the box. */
const placeOf = (userId: string) => `totp:${userId}`;

function enrolledAlready(): DomainError {
  return new DomainError('conflict', 'There is a second factor already; take it away first');
}
