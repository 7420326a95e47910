import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { SecretBox } from '../common/secret-box.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import type { OidcChecks } from './oidc-client.js';
import { hashToken, newOidcTransactionId } from './secret-token.js';
import { subscriberOf } from './subscriber-address.js';

/** Long enough to type a password and find one's phone. */
const LIFETIME_MS = 10 * 60_000;
/** Of one subscriber address: the oldest make room. */
const MAX_PER_SUBSCRIBER = 100;
const MAX_AT_ONCE = 20_000;

/** A sign-in that was begun, as `oidc_transaction` keeps it. */
export interface OidcTransaction extends OidcChecks {
  /** Of the provider that it was begun with. */
  readonly issuer: string;
}

/**
 * Sign-ins by OpenID Connect that were begun. Who completes one has to hold the id that the beginning answered with: a
 * code that somebody else obtained, or slipped in, is of no use (login CSRF).
 */
@Injectable()
export class OidcTransactions {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly box: SecretBox,
  ) {}

  /**
   * @returns the id, a secret of the client
   * @throws DomainError `too_many_requests`
   */
  async begin(transaction: OidcTransaction, address: string): Promise<string> {
    const now = this.clock.now();
    const id = newOidcTransactionId();
    const idHash = hashToken(id);
    const subscriber = createHash('sha256').update(subscriberOf(address)).digest('hex');
    await this.purge();
    await this.makeRoom(subscriber);
    await this.db
      .insertInto('oidc_transaction')
      .values({
        id_hash: idHash,
        sealed: this.box.seal(JSON.stringify(transaction), placeOf(idHash)),
        subscriber,
        created_at: now,
        expires_at: now + LIFETIME_MS,
      })
      .execute();
    return id;
  }

  /** Takes a transaction, which is good once; undefined for one that is unknown, was taken or has expired. */
  async take(id: string): Promise<OidcTransaction | undefined> {
    const row = await this.db
      .deleteFrom('oidc_transaction')
      .where('id_hash', '=', hashToken(id))
      .returning(['id_hash', 'sealed', 'expires_at'])
      .executeTakeFirst();
    if (!row || row.expires_at <= this.clock.now()) return undefined;
    return JSON.parse(this.box.open(row.sealed, placeOf(row.id_hash))) as OidcTransaction;
  }

  /** Forgets what nobody completed in time. */
  private async purge(): Promise<void> {
    await this.db.deleteFrom('oidc_transaction').where('expires_at', '<=', this.clock.now()).execute();
  }

  private async makeRoom(subscriber: string): Promise<void> {
    await this.db
      .deleteFrom('oidc_transaction')
      .where('id_hash', 'in', (eb) =>
        eb
          .selectFrom('oidc_transaction')
          .select('id_hash')
          .where('subscriber', '=', subscriber)
          .orderBy('created_at', 'desc')
          .orderBy('id_hash')
          .limit(MAX_AT_ONCE)
          .offset(MAX_PER_SUBSCRIBER - 1),
      )
      .execute();
    const { count } = await this.db
      .selectFrom('oidc_transaction')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    if (count < MAX_AT_ONCE) return;
    throw new DomainError('too_many_requests', 'Too many sign-ins were begun', {
      retryAfter: LIFETIME_MS / 1_000,
    });
  }
}

/** Where the secrets of a transaction are stored, for the box. */
const placeOf = (idHash: string) => `oidc_transaction:${idHash}`;
