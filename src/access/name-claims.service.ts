import { Inject, Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import type { SubjectKind } from './role-binding.js';

/** How long a claim lasts that nobody renews, in milliseconds: longer than the clocks of replicas are apart. */
const CLAIMED_MS = 90_000;

/** A name for something that is about to be made, and who makes it. */
export interface NameClaim {
  readonly engine: string;
  readonly kind: string;
  readonly name: string;
  readonly ownerKind: SubjectKind;
  readonly ownerId: string;
}

/**
 * Keeps names for who is about to make what has them: of several who are let through because there is no such object yet, one
 * makes it. Each call of the same subject holds the claim, and it is over with the last. A claim owns nothing.
 */
@Injectable()
export class NameClaimsService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `conflict` where somebody else has claimed the name */
  async claim({ engine, kind, name, ownerKind, ownerId }: NameClaim): Promise<void> {
    const now = this.clock.now();
    const isOver = sql<boolean>`name_claim.until < ${now}`;
    const held = await this.db
      .insertInto('name_claim')
      .values({
        engine,
        kind,
        name,
        owner_kind: ownerKind,
        owner_id: ownerId,
        calls: 1,
        until: now + CLAIMED_MS,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['engine', 'kind', 'name'])
          .doUpdateSet({
            owner_kind: ownerKind,
            owner_id: ownerId,
            calls: sql<number>`case when ${isOver} then 1 else name_claim.calls + 1 end`,
            until: now + CLAIMED_MS,
          })
          .where(sql<boolean>`(${isOver} or ${isOf(ownerKind, ownerId)})`),
      )
      .returning('calls')
      .executeTakeFirst();
    if (!held)
      throw new DomainError('conflict', `A ${kind} of the name ${name} is being made by somebody else`);
  }

  /** For a call that goes on. */
  async renew({ engine, kind, name, ownerKind, ownerId }: NameClaim): Promise<void> {
    await this.db
      .updateTable('name_claim')
      .set({ until: this.clock.now() + CLAIMED_MS })
      .where(({ and }) => and({ engine, kind, name }))
      .where(isOf(ownerKind, ownerId))
      .execute();
  }

  /** For a call that is over. */
  async release({ engine, kind, name, ownerKind, ownerId }: NameClaim): Promise<void> {
    const left = await this.db
      .updateTable('name_claim')
      .set({ calls: sql<number>`calls - 1` })
      .where(({ and }) => and({ engine, kind, name }))
      .where(isOf(ownerKind, ownerId))
      .returning('calls')
      .executeTakeFirst();
    if (!left || left.calls > 0) return;
    await this.db
      .deleteFrom('name_claim')
      .where(({ and }) => and({ engine, kind, name }))
      .where('calls', '<=', 0)
      .execute();
  }

  /** Forgets claims that a replica left behind. */
  async forgetOver(): Promise<void> {
    await this.db.deleteFrom('name_claim').where('until', '<', this.clock.now()).execute();
  }
}

function isOf(ownerKind: SubjectKind, ownerId: string): RawBuilder<boolean> {
  return sql<boolean>`(name_claim.owner_kind = ${ownerKind} and name_claim.owner_id = ${ownerId})`;
}
