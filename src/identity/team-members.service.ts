import { Inject, Injectable } from '@nestjs/common';
import { teamIdsOf } from '../access/team-ids.js';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { DEFAULT_PAGE_SIZE, type Page, type PageRequest } from '../common/pagination.js';
import { isUuid } from '../common/uuid-v7.js';
import { isForeignKeyViolation } from '../database/constraints.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import { keepingAnAdmin } from './last-admin.js';
import { namePage, nameOf } from './name-page.js';

/** A user as a member of a team. */
export interface TeamMembership {
  /** The user's. */
  readonly id: string;
  readonly username: string;
  readonly displayName: string | null;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

/** Who is in which team. Changes hold at once in this process, within 2 s in another replica. */
@Injectable()
export class TeamMembersService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly credentials: CredentialCache,
  ) {}

  /** By username. */
  async list(
    teamId: string,
    { limit = DEFAULT_PAGE_SIZE, after }: PageRequest = {},
  ): Promise<Page<TeamMembership>> {
    const members = this.db
      .selectFrom('team_member')
      .innerJoin('user_account', 'user_account.id', 'user_id')
      .where('team_id', '=', teamId);
    let query = members
      .select(['user_account.id', 'username', 'display_name', 'added_at'])
      .orderBy('username')
      .limit(limit + 1);
    if (after !== undefined) query = query.where('username', '>', nameOf(after));
    const rows = await query.execute();
    const { count } = await members
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    const found = rows.map(({ id, username, display_name, added_at }) => ({
      id,
      username,
      displayName: display_name,
      addedAt: added_at,
    }));
    return namePage(found, limit, count, ({ username }) => username);
  }

  /** The ids of the user's teams, in order. */
  teamIdsOf(userId: string): Promise<string[]> {
    return teamIdsOf(userId, this.db);
  }

  /**
   * Makes a user a member; one that is a member stays one.
   *
   * @throws DomainError `not_found` for a team or user that is not there
   */
  async add(teamId: string, userId: string): Promise<void> {
    if (!isUuid(userId)) throw notFound('user', userId);
    try {
      await this.db
        .insertInto('team_member')
        .values({ team_id: teamId, user_id: userId, added_at: this.clock.now() })
        .onConflict((conflict) => conflict.columns(['team_id', 'user_id']).doNothing())
        .execute();
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      throw notFound('team or user', `${teamId}, ${userId}`);
    }
    this.credentials.clear();
  }

  /** @throws DomainError `not_found` for who is no member; `conflict` where the last admin is one by this team */
  async remove(teamId: string, userId: string): Promise<void> {
    await this.db.transaction().execute((transaction) =>
      keepingAnAdmin(transaction, async () => {
        const { numDeletedRows } = await transaction
          .deleteFrom('team_member')
          .where('team_id', '=', teamId)
          .where('user_id', '=', userId)
          .executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) throw notFound('member', userId);
      }),
    );
    this.credentials.clear();
  }
}
