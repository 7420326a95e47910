import { createHash } from 'node:crypto';
import type { Insertable, Selectable } from 'kysely';
import type { PastOwner } from '../access/ownership.service.js';
import type { DomainEventTable } from '../database/schema.js';
import type { Matter, ObjectMatter } from '../gate/event-sight.js';
import { EVENT_TYPES, type EventType } from './event-types.js';

/** What there is to tell of an event besides its subject, by `EVENT_TYPES`. */
export type EventData = Readonly<Record<string, string | number | boolean | null>>;

/** Something that happened. */
export interface DomainEvent {
  /** From `eventId`: the same however often the same thing is found, and by whichever replica. */
  readonly id: string;
  readonly type: EventType;
  /** Null for what happened on none. */
  readonly engine: string | null;
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string | null };
  readonly labels: Readonly<Record<string, string>>;
  /** They are not for sure all of them. */
  readonly labelsGuessed?: boolean;
  /** Of an image. */
  readonly repositories?: readonly string[] | undefined;
  /** Who owned the object then, or started the job. */
  readonly owner?: PastOwner | undefined;
  readonly data: EventData;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What is told in one order. Unless given: the subject. */
  readonly resource?: string;
}

/** An event as it was written down. */
export interface StoredEvent extends DomainEvent {
  /** Larger than that of everything that happened to the subject before. */
  readonly position: number;
  readonly resource: string;
}

/** An id that is made of what happened: where, to what, and by which cause. */
export function eventId(...cause: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(cause)).digest('hex').slice(0, 32);
}

/** What decides about who may know. */
export function matterOf(event: StoredEvent): Matter {
  const { type, engine, subject, labels, labelsGuessed = false, repositories, owner, at } = event;
  const { about } = EVENT_TYPES[type];
  const nobody: PastOwner = { ownerKind: 'user', ownerId: '' };
  switch (about) {
    case 'engine':
      return { of: 'engine', engine: engine ?? '' };
    case 'job':
      return { of: 'job', engine, startedBy: owner ?? nobody };
    case 'audit':
      return { of: 'audit' };
    case 'own':
      return { of: 'own', owner: owner ?? nobody };
    default:
      return {
        of: 'object',
        engine: engine ?? '',
        kind: about,
        id: subject.id,
        labels,
        labelsGuessed,
        repositories,
        owner,
        at,
      } satisfies ObjectMatter;
  }
}

export function toRow(event: DomainEvent, now: number): Insertable<DomainEventTable> {
  const { id, type, engine, subject, labels, repositories, owner, data, at } = event;
  return {
    id,
    type,
    engine,
    subject_kind: subject.kind,
    subject_id: subject.id,
    name: subject.name,
    resource: event.resource ?? [engine ?? '', subject.kind, subject.id].join('/'),
    labels: JSON.stringify(labels),
    labels_guessed: event.labelsGuessed ? 1 : 0,
    repositories: repositories ? JSON.stringify(repositories) : null,
    owner_kind: owner?.ownerKind ?? null,
    owner_id: owner?.ownerId ?? null,
    data: JSON.stringify(data),
    at: Math.round(at),
    recorded_at: now,
    dispatched: 0,
  };
}

export function fromRow(row: Selectable<DomainEventTable>): StoredEvent {
  return {
    position: row.position,
    id: row.id,
    type: row.type as EventType,
    engine: row.engine,
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.name },
    resource: row.resource,
    labels: JSON.parse(row.labels) as Record<string, string>,
    labelsGuessed: row.labels_guessed === 1,
    ...(row.repositories === null ? {} : { repositories: JSON.parse(row.repositories) as string[] }),
    owner: toOwner(row),
    data: JSON.parse(row.data) as EventData,
    at: row.at,
  };
}

export function toOwner(row: {
  readonly owner_kind: string | null;
  readonly owner_id: string | null;
}): PastOwner | undefined {
  const { owner_kind: kind, owner_id: id } = row;
  return kind === null || id === null
    ? undefined
    : { ownerKind: kind as PastOwner['ownerKind'], ownerId: id };
}
