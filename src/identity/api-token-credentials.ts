import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { type StoredApiToken, toStoredApiToken } from './api-token.js';
import { noteUse } from './last-use.js';

/** What a presented API token stands for. */
export interface ApiTokenGrant {
  readonly token: StoredApiToken;
  readonly owner: Pick<Actor, 'kind' | 'id' | 'name'>;
}

/** API tokens as what somebody signs in with. */
@Injectable()
export class ApiTokenCredentials {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** The API token with this hash, if it is good now. Notes that it was used. */
  async findByHash(tokenHash: string): Promise<ApiTokenGrant | undefined> {
    const row = await this.live()
      .selectAll('api_token')
      .select(({ fn }) =>
        fn.coalesce('user_account.username', 'service_account.name').$castTo<string>().as('owner_name'),
      )
      .where('hash', '=', tokenHash)
      .executeTakeFirst();
    if (!row) return undefined;
    await noteUse(this.db, 'api_token', row, this.clock.now());
    const owner = { kind: row.owner_kind, id: row.owner_id, name: row.owner_name };
    return { token: toStoredApiToken(row), owner };
  }

  /** Whether the token is there, has not ended, and its owner may sign in. */
  async isLive(id: string): Promise<boolean> {
    const row = await this.live().select('api_token.id').where('api_token.id', '=', id).executeTakeFirst();
    return row !== undefined;
  }

  /** Tokens that have not ended and whose owner is there and not disabled. */
  private live() {
    return this.db
      .selectFrom('api_token')
      .leftJoin('user_account', (join) =>
        join.onRef('user_account.id', '=', 'owner_id').on('owner_kind', '=', 'user'),
      )
      .leftJoin('service_account', (join) =>
        join.onRef('service_account.id', '=', 'owner_id').on('owner_kind', '=', 'serviceAccount'),
      )
      .where(({ eb, or }) =>
        or([eb('user_account.disabled', '=', 0), eb('service_account.disabled', '=', 0)]),
      )
      .where('expires_at', '>', this.clock.now());
  }
}
