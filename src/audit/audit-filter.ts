import type { ExpressionBuilder, Selectable } from 'kysely';
import type { Actor } from '../common/actor.js';
import type { Door } from '../common/request-context.js';
import type { AuditRecordTable } from '../database/schema.js';
import type { AuditOutcome } from './audit-record.js';

export type StoredAuditRecord = Selectable<AuditRecordTable>;

/** Which records are wanted: those that meet all that is given. */
export interface AuditFilter {
  /** Id or name. */
  readonly actor?: string | undefined;
  readonly actorKind?: Actor['kind'] | 'anonymous' | undefined;
  readonly door?: Door | undefined;
  readonly operation?: string | undefined;
  readonly engine?: string | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** Id or name, also of the other object of a call. */
  readonly target?: string | undefined;
  readonly targetKind?: string | undefined;
  readonly requestId?: string | undefined;
  /** Not before this time, in milliseconds since the epoch. */
  readonly from?: number | undefined;
  /** Before this time, in milliseconds since the epoch. */
  readonly to?: number | undefined;
}

/** What a column has to be; several columns: one of them. */
interface Wish {
  readonly columns: readonly (keyof StoredAuditRecord)[];
  readonly value: string;
}

/** Filters by equality, those first that leave least to look at. All but the last four have an index. */
function wishes(filter: AuditFilter): Wish[] {
  const all: { columns: Wish['columns']; value: string | undefined }[] = [
    { columns: ['request_id'], value: filter.requestId },
    { columns: ['target_id', 'target_name', 'other_id', 'other_name'], value: filter.target },
    { columns: ['actor_id', 'actor_name'], value: filter.actor },
    { columns: ['operation'], value: filter.operation },
    { columns: ['outcome'], value: filter.outcome },
    { columns: ['engine'], value: filter.engine },
    { columns: ['target_kind'], value: filter.targetKind },
    { columns: ['actor_kind'], value: filter.actorKind },
    { columns: ['door'], value: filter.door },
  ];
  return all.flatMap(({ columns, value }) => (value === undefined ? [] : [{ columns, value }]));
}

const INDEXED: ReadonlySet<string> = new Set([
  'request_id',
  'target_id',
  'actor_id',
  'operation',
  'outcome',
] satisfies (keyof StoredAuditRecord)[]);

/** The filter by equality whose index leads to the records; undefined where there is none but that by time. */
export function leadingWish(filter: AuditFilter): Wish | undefined {
  const [first] = wishes(filter);
  return first && INDEXED.has(first.columns[0] ?? '') ? first : undefined;
}

type Expressions = ExpressionBuilder<{ audit_record: AuditRecordTable }, 'audit_record'>;

/** The filter as conditions of a query. */
export function conditions(eb: Expressions, filter: AuditFilter) {
  return eb.and([
    ...wishes(filter).map(({ columns, value }) => eb.or(columns.map((column) => eb(column, '=', value)))),
    ...(filter.from === undefined ? [] : [eb('at', '>=', filter.from)]),
    ...(filter.to === undefined ? [] : [eb('at', '<', filter.to)]),
  ]);
}

/** The same of a record at hand. */
export function meets(record: StoredAuditRecord, filter: AuditFilter): boolean {
  return (
    wishes(filter).every(({ columns, value }) => columns.some((column) => record[column] === value)) &&
    (filter.from === undefined || record.at >= filter.from) &&
    (filter.to === undefined || record.at < filter.to)
  );
}
