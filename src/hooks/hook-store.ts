import { Inject, Injectable } from '@nestjs/common';
import { type Selectable, sql } from 'kysely';
import type { ActionInput } from '../automation/action.inputs.js';
import type { StoredAction } from '../automation/action.model.js';
import { deleteWithRuns } from '../automation/source-removal.js';
import { shownAction, StoredActions } from '../automation/stored-actions.js';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { changedMeanwhile, DomainError, notFound } from '../common/errors.js';
import { SecretBox } from '../common/secret-box.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, HookTable } from '../database/schema.js';
import { refuseMoreThan, refusingTakenName } from '../database/unique-names.js';
import type { HookSettings } from './hook-settings.js';

/** All of a list is read at once. */
const MAX_HOOKS = 500;
const WINDOW_MS = 60_000;
/** Of one hook, in that time: whoever only knows its token fills no audit trail. */
const RECORDED_REFUSALS = 10;

export interface StoredHook {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly serviceAccountId: string;
  /** The credential that it was made or last changed with; null for a session. It does not outlive it. */
  readonly parentId: string | null;
  readonly enabled: boolean;
  readonly settings: HookSettings;
  readonly action: StoredAction;
  readonly hasSecret: boolean;
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface NewHook {
  readonly name: string;
  readonly description: string;
  readonly serviceAccountId: string;
  readonly parentId: string | null;
  readonly enabled: boolean;
  readonly settings: HookSettings;
  readonly action: ActionInput;
  readonly secret: string | undefined;
  readonly tokenHash: string;
}

/** What is undefined stays as it is. */
export type HookChanges = { readonly [Key in keyof NewHook]?: NewHook[Key] | undefined } & {
  /** Takes the secret away. */
  readonly unsigned?: boolean;
};

/** Keeps hooks: tokens as hashes, secrets encrypted. Who may see and change which is the caller's to decide. */
@Injectable()
export class HookStore {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly box: SecretBox,
    private readonly actions: StoredActions,
    private readonly clock: Clock,
  ) {}

  /** By name. */
  async all(): Promise<StoredHook[]> {
    return (await this.db.selectFrom('hook').selectAll().orderBy('name').execute()).map(toStored);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<StoredHook> {
    return toStored(await this.row(id));
  }

  async byTokenHash(hash: string): Promise<StoredHook | undefined> {
    const row = await this.db
      .selectFrom('hook')
      .selectAll()
      .where('token_hash', '=', hash)
      .executeTakeFirst();
    return row && toStored(row);
  }

  /** @throws DomainError `not_found`; `unavailable` where it was sealed with another key */
  async wholeAction(id: string): Promise<ActionInput> {
    return this.actions.whole(await this.row(id), place(id));
  }

  /** What the sender signs with. @throws as `wholeAction` */
  async secret(id: string): Promise<string | undefined> {
    const { sealed_secret: sealed } = await this.row(id);
    return sealed === null ? undefined : this.box.open(sealed, `${place(id)}:secret`);
  }

  /** @throws DomainError `conflict` for a name that is taken, or where there are too many */
  create(hook: NewHook, dryRun: DryRunQuery): Promise<StoredHook> {
    const now = this.clock.now();
    const id = uuidV7(now);
    return refusingTakenName('hook', hook.name, () =>
      inTransaction(this.db.transaction(), dryRun, async (transaction) => {
        await refuseMoreThan(MAX_HOOKS, 'hooks', 'hook', transaction);
        const row = await transaction
          .insertInto('hook')
          .values({
            id,
            name: hook.name,
            description: hook.description,
            token_hash: hook.tokenHash,
            service_account_id: hook.serviceAccountId,
            parent_id: hook.parentId,
            enabled: hook.enabled ? 1 : 0,
            settings: JSON.stringify(hook.settings),
            ...this.actions.toColumns(hook.action, place(id)),
            sealed_secret: this.sealed(id, hook.secret),
            window_start: 0,
            window_count: 0,
            refused_start: 0,
            refused_count: 0,
            revision: 1,
            created_at: now,
            updated_at: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toStored(row);
      }),
    );
  }

  /**
   * @param known the hook as it was when the change was decided on
   * @throws DomainError `conflict` where it has changed or gone since then, and for a name that is taken
   */
  update(known: StoredHook, changes: HookChanges): Promise<StoredHook> {
    const { id, revision } = known;
    const { name = known.name, action, secret, unsigned = false, tokenHash } = changes;
    return refusingTakenName('hook', name, async () => {
      const row = await this.db
        .updateTable('hook')
        .set({
          name,
          description: changes.description ?? known.description,
          service_account_id: changes.serviceAccountId ?? known.serviceAccountId,
          parent_id: changes.parentId === undefined ? known.parentId : changes.parentId,
          enabled: (changes.enabled ?? known.enabled) ? 1 : 0,
          settings: JSON.stringify(changes.settings ?? known.settings),
          ...(action ? this.actions.toColumns(action, place(id)) : {}),
          ...(secret !== undefined || unsigned ? { sealed_secret: this.sealed(id, secret) } : {}),
          ...(tokenHash === undefined ? {} : { token_hash: tokenHash }),
          revision: revision + 1,
          updated_at: this.clock.now(),
        })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .returningAll()
        .executeTakeFirst();
      if (row) return toStored(row);
      throw changedMeanwhile('hook', known.name);
    });
  }

  /** Deletes it with its runs. @throws DomainError `not_found` */
  delete(id: string): Promise<void> {
    return deleteWithRuns(this.db, { kind: 'hook', id });
  }

  /** Counts a call, on all replicas together. @throws DomainError `too_many_requests` */
  async count({ id, settings: { ratePerMinute } }: StoredHook): Promise<void> {
    if (await this.hasRoom(id, 'window', ratePerMinute)) return;
    throw new DomainError('too_many_requests', `The hook takes ${ratePerMinute} calls a minute`, {
      retryAfter: WINDOW_MS / 1_000,
    });
  }

  /** Whether one more refused call may be recorded now, of all replicas together. Takes nothing from those that `count` lets in. */
  mayRecordRefusal(id: string): Promise<boolean> {
    return this.hasRoom(id, 'refused', RECORDED_REFUSALS);
  }

  /** Whether less than `most` were counted in the window that is open, or a new one begins. Counts one more then. */
  private async hasRoom(id: string, what: 'window' | 'refused', most: number): Promise<boolean> {
    const now = this.clock.now();
    const start = sql.ref<number>(`${what}_start`);
    const count = sql.ref<number>(`${what}_count`);
    const isOver = sql<boolean>`${start} <= ${now - WINDOW_MS}`;
    const { numUpdatedRows } = await this.db
      .updateTable('hook')
      .set({
        [`${what}_count`]: sql<number>`case when ${isOver} then 1 else ${count} + 1 end`,
        [`${what}_start`]: sql<number>`case when ${isOver} then ${sql.lit(now)} else ${start} end`,
      })
      .where('id', '=', id)
      .where(sql<boolean>`(${isOver} or ${count} < ${most})`)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  private sealed(id: string, secret: string | undefined): string | null {
    return secret === undefined ? null : this.box.seal(secret, `${place(id)}:secret`);
  }

  private async row(id: string): Promise<Selectable<HookTable>> {
    const row = isUuid(id)
      ? await this.db.selectFrom('hook').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('hook', id);
    return row;
  }
}

/** What secrets of a hook are sealed for. */
function place(id: string): string {
  return `hook:${id}`;
}

function toStored(row: Selectable<HookTable>): StoredHook {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    serviceAccountId: row.service_account_id,
    parentId: row.parent_id,
    enabled: row.enabled === 1,
    settings: JSON.parse(row.settings) as HookSettings,
    action: shownAction(row),
    hasSecret: row.sealed_secret !== null,
    revision: row.revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
