import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, notFound } from '../common/errors.js';
import { ExpiringCache } from '../common/expiring-cache.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { isUuid, uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, RoleBindingTable } from '../database/schema.js';
import { timePage } from '../database/time-cursor.js';
import { checkScope, parseScope, serializeScope } from './role-binding-scope.js';
import type { SecurityLevel } from '../common/security-level.js';
import type { RoleBinding, RoleBindingFilter, Subject } from './role-binding.js';

export type { RoleBinding } from './role-binding.js';

/** How late another replica's change may be seen. Changes of this process are seen at once. */
const MAX_AGE_MS = 2_000;
const MAX_CACHED_ACTORS = 10_000;
/** All of a subject's are held against every call that it makes. */
const MAX_BINDINGS_PER_SUBJECT = 200;
const PAGE_SIZE = 500;

export type NewRoleBinding = Omit<RoleBinding, 'id' | 'createdAt' | 'level'> & {
  readonly level?: SecurityLevel;
};

/** Stores who has which role where. Whether a role exists and who may give it is the caller's to decide. */
@Injectable()
export class RoleBindingsService {
  private readonly cache: ExpiringCache<readonly RoleBinding[]>;

  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
  ) {
    this.cache = new ExpiringCache(clock, { ttlMs: MAX_AGE_MS, capacity: MAX_CACHED_ACTORS });
  }

  /**
   * @param level defaults to `baseline`
   * @param db a transaction to take part in; call `invalidate()` when it is committed
   * @throws DomainError `invalid_input` for a scope that can't be read; `conflict` where the subject has too many
   */
  async bind({ level = 'baseline', ...input }: NewRoleBinding, db = this.db): Promise<RoleBinding> {
    checkScope(input.scope);
    await this.requireRoom(input.subject, db);
    const now = this.clock.now();
    const binding: RoleBinding = { ...input, level, id: uuidV7(now), createdAt: now };
    await db.insertInto('role_binding').values(toRow(binding)).execute();
    this.invalidate();
    return binding;
  }

  /**
   * @param db a transaction to take part in; call `invalidate()` when it is committed
   * @throws DomainError `not_found`; `invalid_input` for a scope that can't be read
   */
  async change(
    id: string,
    { scope, level }: Pick<RoleBinding, 'scope' | 'level'>,
    db = this.db,
  ): Promise<RoleBinding> {
    checkScope(scope);
    const row = await db
      .updateTable('role_binding')
      .set({ scope: serializeScope(scope), level })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst();
    this.invalidate();
    if (!row) throw notFound('role binding', id);
    return fromRow(row);
  }

  /**
   * @param db a transaction to take part in; call `invalidate()` when it is committed
   * @throws DomainError `not_found`
   */
  async unbind(id: string, db = this.db): Promise<void> {
    const { numDeletedRows } = await db
      .deleteFrom('role_binding')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    this.invalidate();
    if (numDeletedRows === 0n) throw notFound('role binding', id);
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<RoleBinding> {
    const row = isUuid(id)
      ? await this.db.selectFrom('role_binding').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (!row) throw notFound('role binding', id);
    return fromRow(row);
  }

  /** Oldest first. */
  list(filter: RoleBindingFilter = {}, page: PageRequest = {}): Promise<Page<RoleBinding>> {
    const rows = this.matching(filter).selectAll();
    return timePage({ rows, table: 'role_binding', order: 'oldest first', toItem: fromRow }, page);
  }

  /** All bindings of a role, oldest first, a page at a time. */
  async *ofRole(role: string): AsyncGenerator<RoleBinding> {
    let after: string | undefined;
    do {
      const page = await this.list({ role }, { limit: PAGE_SIZE, after });
      yield* page.items;
      after = page.nextCursor ?? undefined;
    } while (after !== undefined);
  }

  /** The bindings of `actor` itself and of its teams, at most 2 s old. */
  forActor({ kind, id, teamIds }: Actor): Promise<readonly RoleBinding[]> {
    if (kind === 'system') return Promise.resolve([]);
    const subjects: Subject[] = [
      { kind, id },
      ...teamIds.map((team) => ({ kind: 'team' as const, id: team })),
    ];
    return this.cache.get(JSON.stringify(subjects), () => this.ofSubjects(subjects));
  }

  /** Makes the next decision see every change that is committed now. */
  invalidate(): void {
    this.cache.clear();
  }

  /** The bindings of these subjects as they are stored now. */
  async ofSubjects(subjects: readonly Subject[]): Promise<readonly RoleBinding[]> {
    const rows = await this.db
      .selectFrom('role_binding')
      .selectAll()
      .where(({ eb, or }) =>
        or(subjects.map(({ kind, id }) => eb('subject_kind', '=', kind).and('subject_id', '=', id))),
      )
      .orderBy('id')
      .execute();
    return rows.map(fromRow);
  }

  private matching({ role, subjectKind, subjectId }: RoleBindingFilter) {
    let query = this.db.selectFrom('role_binding');
    if (role !== undefined) query = query.where('role', '=', role);
    if (subjectKind !== undefined) query = query.where('subject_kind', '=', subjectKind);
    if (subjectId !== undefined) query = query.where('subject_id', '=', subjectId);
    return query;
  }

  private async requireRoom({ kind, id }: Subject, db: Database): Promise<void> {
    const { count } = await db
      .selectFrom('role_binding')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('subject_kind', '=', kind)
      .where('subject_id', '=', id)
      .executeTakeFirstOrThrow();
    if (count < MAX_BINDINGS_PER_SUBJECT) return;
    throw new DomainError(
      'conflict',
      `There are ${MAX_BINDINGS_PER_SUBJECT} role bindings for it already; remove some first`,
    );
  }
}

function toRow(binding: RoleBinding): RoleBindingTable {
  return {
    id: binding.id,
    role: binding.role,
    subject_kind: binding.subject.kind,
    subject_id: binding.subject.id,
    scope: serializeScope(binding.scope),
    level: binding.level,
    created_at: binding.createdAt,
    created_by: binding.createdBy,
  };
}

function fromRow(row: Selectable<RoleBindingTable>): RoleBinding {
  return {
    id: row.id,
    role: row.role,
    subject: { kind: row.subject_kind, id: row.subject_id },
    scope: parseScope(row.scope),
    level: row.level,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
