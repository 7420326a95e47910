import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { changedMeanwhile, DomainError, notFound } from '../common/errors.js';
import { SecretBox } from '../common/secret-box.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { isUniqueViolation } from '../database/constraints.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, WebhookTable } from '../database/schema.js';
import { EventBells } from '../events/event-journal.js';
import { newSecret } from './signature.js';
import {
  addressPurpose,
  fromWebhookRow,
  type Interest,
  secretPurpose,
  type StoredSecret,
  type StoredWebhook,
  type WebhookOwner,
} from './stored-webhook.js';

/** All of a list is read at once. */
const MAX_WEBHOOKS = 500;
const MAX_OF_ONE_OWNER = 50;
/** Secrets that are valid at the same time. */
const MAX_SECRETS = 3;

export interface NewWebhook extends Interest {
  readonly name: string;
  readonly owner: WebhookOwner;
  readonly limits: Actor['limits'];
  readonly parentId: string | null;
  readonly address: string;
  readonly template: string | null;
  readonly enabled: boolean;
}

/** What is undefined stays as it is. */
export type WebhookChanges = {
  readonly [Field in keyof Omit<NewWebhook, 'owner' | 'limits'>]?: NewWebhook[Field] | undefined;
};

/** A webhook with its newest secret, which is told once. */
export interface WithSecret {
  readonly webhook: StoredWebhook;
  readonly secret: string;
}

/** Keeps webhooks, addresses and secrets encrypted. Who may see and change which is the caller's to decide. */
@Injectable()
export class WebhookStore {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly box: SecretBox,
    private readonly clock: Clock,
    private readonly bells: EventBells,
  ) {}

  /** By name. */
  async all(): Promise<StoredWebhook[]> {
    const rows = await this.db.selectFrom('webhook').selectAll().orderBy('name').orderBy('id').execute();
    return rows.map((row) => fromWebhookRow(row, this.box));
  }

  /** @throws DomainError `not_found`; `unavailable` where it was stored with another secret key */
  async get(id: string): Promise<StoredWebhook> {
    const webhook = await this.find(id);
    if (!webhook) throw notFound('webhook', id);
    return webhook;
  }

  async find(id: string): Promise<StoredWebhook | undefined> {
    const row = isUuid(id)
      ? await this.db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    return row && fromWebhookRow(row, this.box);
  }

  /** @throws DomainError `conflict` for a name that the owner has already, or where there are too many */
  async create(input: NewWebhook, dryRun: DryRunQuery): Promise<WithSecret> {
    const now = this.clock.now();
    const id = uuidV7(now);
    const secret = newSecret();
    const { owner, address, limits } = input;
    const webhook = await conflictOf(input.name, () =>
      inTransaction(this.db.transaction(), dryRun, async (transaction) => {
        await requireRoom(transaction, owner);
        const row = await transaction
          .insertInto('webhook')
          .values({
            id,
            owner_kind: owner.kind,
            owner_id: owner.id,
            limits: limits ? JSON.stringify(limits) : null,
            ...columnsOf(input),
            sealed_address: this.box.seal(address, addressPurpose(id)),
            secrets: JSON.stringify([this.sealed({ id, address }, secret)]),
            paused_reason: null,
            paused_at: null,
            failing_since: null,
            missed: 0,
            missed_since: null,
            delivered_at: null,
            revision: 1,
            created_at: now,
            updated_at: now,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return fromWebhookRow(row, this.box);
      }),
    );
    this.bells.listening.ring();
    return { webhook, secret };
  }

  /**
   * With another address there is a new secret, and the old ones are gone: whoever knows them was at the other address. To be
   * enabled, also again, makes up for a pause.
   *
   * @param known the webhook as it was when the change was decided on
   * @throws DomainError `conflict` where it has changed or gone since then, and for a name that is taken
   */
  async update(
    known: StoredWebhook,
    changes: WebhookChanges,
  ): Promise<{ webhook: StoredWebhook; secret: string | null }> {
    const { id } = known;
    const { address = known.address, enabled } = changes;
    const secret = address === known.address ? null : newSecret();
    const webhook = await this.change(known, {
      ...columnsOf({ ...known, ...defined(changes) }),
      ...(secret === null
        ? {}
        : {
            sealed_address: this.box.seal(address, addressPurpose(id)),
            secrets: JSON.stringify([this.sealed({ id, address }, secret)]),
          }),
      ...(enabled === true
        ? { paused_reason: null, paused_at: null, failing_since: null, missed: 0, missed_since: null }
        : {}),
    });
    this.bells.written.ring();
    return { webhook, secret };
  }

  /**
   * A new secret; those before it stay valid for a while.
   *
   * @param overlapMs for how long
   * @throws DomainError `conflict` where the webhook has changed or gone since then
   */
  async rotateSecret(known: StoredWebhook, overlapMs: number): Promise<WithSecret> {
    const now = this.clock.now();
    const until = now + overlapMs;
    const before = known.secrets
      .map((old) => ({ ...old, until: Math.min(old.until ?? until, until) }))
      .filter((old) => old.until > now);
    const secret = newSecret();
    const secrets = [this.sealed(known, secret), ...before].slice(0, MAX_SECRETS);
    return { webhook: await this.change(known, { secrets: JSON.stringify(secrets) }), secret };
  }

  /** With its deliveries. Where it was the last one, nobody is to be told of anything any more. @throws DomainError `not_found` */
  async delete(id: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('webhook')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (numDeletedRows === 0n) throw notFound('webhook', id);
      if (await transaction.selectFrom('webhook').select('id').limit(1).executeTakeFirst()) return;
      for (const table of ['domain_event', 'known_object', 'event_source'] as const)
        await transaction.deleteFrom(table).execute();
    });
  }

  private async change(
    { id, name, revision }: StoredWebhook,
    change: Partial<WebhookTable>,
  ): Promise<StoredWebhook> {
    const row = await conflictOf(change.name ?? name, () =>
      this.db
        .updateTable('webhook')
        .set({ ...change, revision: revision + 1, updated_at: this.clock.now() })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .returningAll()
        .executeTakeFirst(),
    );
    if (row) return fromWebhookRow(row, this.box);
    throw changedMeanwhile('webhook', name);
  }

  private sealed(place: Pick<StoredWebhook, 'id' | 'address'>, secret: string): StoredSecret {
    return { sealed: this.box.seal(secret, secretPurpose(place)), until: null };
  }
}

function columnsOf(input: Omit<NewWebhook, 'owner' | 'limits' | 'address'>) {
  return {
    name: input.name,
    event_types: JSON.stringify(input.eventTypes),
    engines: JSON.stringify(input.engines),
    label_selector: input.labelSelector,
    template: input.template,
    parent_id: input.parentId,
    enabled: input.enabled ? 1 : 0,
  } satisfies Partial<Selectable<WebhookTable>>;
}

function defined<T extends object>(changes: T): { [Field in keyof T]: Exclude<T[Field], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Field in keyof T]: Exclude<T[Field], undefined>;
  };
}

async function requireRoom(db: Database, { kind, id }: WebhookOwner): Promise<void> {
  const count = async (own: boolean) => {
    let rows = db.selectFrom('webhook');
    if (own) rows = rows.where('owner_kind', '=', kind).where('owner_id', '=', id);
    const { total } = await rows
      .select(({ fn }) => fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    return total;
  };
  const full = (most: number, whose: string) =>
    new DomainError('conflict', `There are ${most} webhooks ${whose}already; delete some first`);
  if ((await count(true)) >= MAX_OF_ONE_OWNER) throw full(MAX_OF_ONE_OWNER, 'of yours ');
  if ((await count(false)) >= MAX_WEBHOOKS) throw full(MAX_WEBHOOKS, '');
}

async function conflictOf<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new DomainError('conflict', `There is a webhook ${name} already`, { cause: error });
  }
}
