import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import type { PermissionPattern } from '../common/permissions.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, DoorwayTable } from '../database/schema.js';
import { CredentialCache } from './credential-cache.js';
import { noteUse } from './last-use.js';
import type { TokenLimits } from './token-limits.js';

export type DoorwayKind = DoorwayTable['kind'];

/** What a scoped socket or a client certificate stands for. */
export interface DoorwayGrant {
  readonly owner: Pick<Actor, 'kind' | 'id' | 'name'>;
  /** Always of the one engine that it leads to. */
  readonly limits: TokenLimits;
  /** Milliseconds since the epoch; null for one that does not end by itself. */
  readonly expiresAt: number | null;
}

/** Scoped sockets and client certificates as what somebody comes in by, in place of a token. */
@Injectable()
export class DoorwayCredentials {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly credentials: CredentialCache,
  ) {}

  /** What it stands for, if it is good now. Notes that it was used. */
  async find(kind: DoorwayKind, id: string): Promise<DoorwayGrant | undefined> {
    const row = await this.live()
      .selectAll('doorway')
      .select(({ fn }) =>
        fn.coalesce('user_account.username', 'service_account.name').$castTo<string>().as('subject_name'),
      )
      .where('doorway.id', '=', id)
      .where('kind', '=', kind)
      .executeTakeFirst();
    if (!row) return undefined;
    await noteUse(this.db, 'doorway', row, this.clock.now());
    const permissions =
      row.permissions === null ? undefined : (JSON.parse(row.permissions) as PermissionPattern[]);
    return {
      owner: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
      limits: {
        engines: [row.engine],
        ...(permissions === undefined ? {} : { permissions }),
      },
      expiresAt: row.expires_at,
    };
  }

  /** Whether it is there and enabled, has not ended, and whom it stands for may come in. */
  async isLive(id: string): Promise<boolean> {
    const row = await this.live().select('doorway.id').where('doorway.id', '=', id).executeTakeFirst();
    return row !== undefined;
  }

  /** The ids of all of a kind that are good now. */
  async liveIds(kind: DoorwayKind): Promise<ReadonlySet<string>> {
    const rows = await this.live().select('doorway.id').where('kind', '=', kind).execute();
    return new Set(rows.map(({ id }) => id));
  }

  /** Makes each be looked up again: call it when one was changed. */
  forget(): void {
    this.credentials.clear();
  }

  private live() {
    return this.db
      .selectFrom('doorway')
      .leftJoin('user_account', (join) =>
        join.onRef('user_account.id', '=', 'subject_id').on('subject_kind', '=', 'user'),
      )
      .leftJoin('service_account', (join) =>
        join.onRef('service_account.id', '=', 'subject_id').on('subject_kind', '=', 'serviceAccount'),
      )
      .where(({ eb, or }) =>
        or([eb('user_account.disabled', '=', 0), eb('service_account.disabled', '=', 0)]),
      )
      .where('doorway.disabled', '=', 0)
      .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', this.clock.now())]));
  }
}
