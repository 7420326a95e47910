import { Inject, Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { ExpiringCache } from '../common/expiring-cache.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { DATABASE } from '../database/database.token.js';
import type { Database, RoleBindingTable } from '../database/schema.js';
import { checkScope, parseScope, serializeScope } from './role-binding-scope.js';
import type { SecurityLevel } from '../common/security-level.js';
import type { RoleBinding, Subject } from './role-binding.js';

export type { RoleBinding } from './role-binding.js';

/** How late another replica's change may be seen. Changes of this process are seen at once. */
const MAX_AGE_MS = 2_000;
const MAX_CACHED_ACTORS = 10_000;

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
   * @throws DomainError `invalid_input` for a scope that can't be read
   */
  async bind({ level = 'baseline', ...input }: NewRoleBinding, db = this.db): Promise<RoleBinding> {
    checkScope(input.scope);
    const now = this.clock.now();
    const binding: RoleBinding = { ...input, level, id: uuidV7(now), createdAt: now };
    await db.insertInto('role_binding').values(toRow(binding)).execute();
    this.invalidate();
    return binding;
  }

  /** @throws DomainError `not_found` */
  async unbind(id: string): Promise<void> {
    const { numDeletedRows } = await this.db
      .deleteFrom('role_binding')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    this.invalidate();
    if (numDeletedRows === 0n) throw notFound('role binding', id);
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

  private async ofSubjects(subjects: readonly Subject[]): Promise<readonly RoleBinding[]> {
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
