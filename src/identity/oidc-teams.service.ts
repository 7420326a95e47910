import { Injectable } from '@nestjs/common';
import { teamIdsOf } from '../access/team-ids.js';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../common/clock.js';
import { requestContext } from '../common/request-context.js';
import type { Database } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import type { User } from './users.service.js';

const SYSTEM = { kind: 'system', id: 'system', name: 'system' } as const;

/** Memberships that follow a provider's groups. Those that somebody gave by hand are left alone. */
@Injectable()
export class OidcTeams {
  constructor(
    private readonly clock: Clock,
    private readonly credentials: CredentialCache,
    private readonly audit: AuditService,
  ) {}

  /**
   * Makes the user a member of the teams of these names that there are, and takes it out of those that it was put in by
   * an earlier call. The last admin too: the provider decides who is in its groups, and gives them back.
   *
   * @param names in normal form; a team that is not there is not made
   * @returns whether anything changed; `changed` is to be called then, once the transaction is committed
   */
  async follow(
    { id: userId }: Pick<User, 'id'>,
    names: readonly string[],
    transaction: Database,
  ): Promise<boolean> {
    const wanted = names.length === 0 ? [] : await this.named(names, transaction);
    const followed = await this.followed(userId, transaction);
    const members = new Set(await teamIdsOf(userId, transaction));
    const joins = wanted.filter(({ id }) => !members.has(id));
    const leaves = followed.filter(({ id }) => !wanted.some((team) => team.id === id));
    for (const team of joins) await this.join(team, userId, transaction);
    for (const team of leaves) await this.leave(team, userId, transaction);
    return joins.length + leaves.length > 0;
  }

  /** Lets what changed hold at once. */
  changed(): void {
    this.credentials.clear();
  }

  private named(names: readonly string[], transaction: Database): Promise<TeamName[]> {
    return transaction
      .selectFrom('team')
      .select(['id', 'name'])
      .where('name', 'in', names)
      .orderBy('id')
      .execute();
  }

  private followed(userId: string, transaction: Database): Promise<TeamName[]> {
    return transaction
      .selectFrom('oidc_team_member')
      .innerJoin('team', 'team.id', 'team_id')
      .select(['team.id', 'team.name'])
      .where('user_id', '=', userId)
      .orderBy('team.id')
      .execute();
  }

  private async join(team: TeamName, userId: string, transaction: Database): Promise<void> {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('team_member')
      .values({ team_id: team.id, user_id: userId, added_at: this.clock.now() })
      .onConflict((conflict) => conflict.columns(['team_id', 'user_id']).doNothing())
      .executeTakeFirstOrThrow();
    // Somebody put the user in by hand meanwhile: then it is not ours to take away.
    if (numInsertedOrUpdatedRows !== 1n) return;
    await transaction.insertInto('oidc_team_member').values({ team_id: team.id, user_id: userId }).execute();
    await this.record(team, transaction);
  }

  private async leave(team: TeamName, userId: string, transaction: Database): Promise<void> {
    await transaction
      .deleteFrom('team_member')
      .where('team_id', '=', team.id)
      .where('user_id', '=', userId)
      .execute();
    await this.record(team, transaction);
  }

  private async record({ id, name }: TeamName, transaction: Database): Promise<void> {
    const target = { targetKind: 'team', targetId: id, targetName: name };
    await this.audit.succeeded(
      { ...requestContext(), actor: SYSTEM, operation: 'teams:update', ...target },
      transaction,
    );
  }
}

interface TeamName {
  readonly id: string;
  readonly name: string;
}
