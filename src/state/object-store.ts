import { isDeepStrictEqual } from 'node:util';
import { Bell } from '../common/bell.js';
import { LabelIndex } from './label-index.js';
import { SortedList } from './sorted-list.js';
import type { Naming, ObjectRecord } from './watched-kind.js';

/** Changes that are kept for watchers who are behind. */
const KEPT_CHANGES = 2_000;

/** One change of one object. A removal carries the record as it was. */
export interface ObjectChange<Kept> {
  readonly revision: number;
  readonly kind: 'added' | 'updated' | 'removed';
  readonly record: ObjectRecord<Kept>;
}

/**
 * The objects of one kind on one engine, as they were last read, and the changes that led there. Each change counts the
 * revision up by one.
 */
export class ObjectStore<Kept> {
  /** Rings after each change. */
  readonly changed = new Bell();
  private readonly byId = new Map<string, ObjectRecord<Kept>>();
  /** Several only while of one the rename was read and of another not yet; the one that was read last stands last. */
  private readonly byName = new Map<string, readonly ObjectRecord<Kept>[]>();
  private readonly labels = new LabelIndex<ObjectRecord<Kept>>();
  private readonly ids = new SortedList<string>(compareText);
  private readonly ordered = new SortedList<ObjectRecord<Kept>>(newestFirst);
  private readonly log: ObjectChange<Kept>[] = [];
  private count = 0;

  constructor(private readonly naming: Naming<Kept> = ONE_NAME) {}

  get revision(): number {
    return this.count;
  }

  get size(): number {
    return this.byId.size;
  }

  /** All, newest first. The same array until something changes. */
  all(): readonly ObjectRecord<Kept>[] {
    return this.ordered.all();
  }

  get(id: string): ObjectRecord<Kept> | undefined {
    return this.byId.get(id);
  }

  /**
   * What `reference` names, in the engine's order of precedence: a full id, a name, the start of one id.
   *
   * @returns undefined for none, and where several ids start so
   */
  find(reference: string): ObjectRecord<Kept> | undefined {
    const exact = this.byId.get(reference);
    if (exact || reference === '') return exact;
    const { names, idPrefix } = this.naming.meanings(reference);
    for (const name of names) {
      const named = this.byName.get(name)?.at(-1);
      if (named) return named;
    }
    if (idPrefix === undefined) return undefined;
    const [first, second] = this.ids.from((id) => compareText(id, idPrefix), 2);
    if (first?.startsWith(idPrefix) !== true || second?.startsWith(idPrefix) === true) return undefined;
    return this.byId.get(first);
  }

  /** Those with the label, whatever its value, or with just that value. */
  withLabel(key: string, value?: string): ReadonlySet<ObjectRecord<Kept>> {
    return this.labels.get(key, value);
  }

  /** @returns whether it is any different from what was known */
  put(record: ObjectRecord<Kept>): boolean {
    const before = this.byId.get(record.id);
    if (before && isDeepStrictEqual(before, record)) return false;
    if (before) this.drop(before);
    this.byId.set(record.id, record);
    for (const name of this.naming.names(record)) {
      this.byName.set(name, [...(this.byName.get(name) ?? []), record]);
    }
    this.labels.add(record);
    this.ids.add(record.id);
    this.ordered.add(record);
    this.note(before ? 'updated' : 'added', record);
    return true;
  }

  /** @returns whether there was one */
  remove(id: string): boolean {
    const before = this.byId.get(id);
    if (!before) return false;
    this.drop(before);
    this.ids.remove(id);
    this.note('removed', before);
    return true;
  }

  /** Tells watchers of an object once more, for what changed around it: who may see it. */
  announce(id: string): void {
    const record = this.byId.get(id);
    if (record) this.note('updated', record);
  }

  /** The changes after `revision`, oldest first; undefined where they are no longer known, or never were. */
  changesSince(revision: number): readonly ObjectChange<Kept>[] | undefined {
    const missed = this.count - revision;
    if (missed < 0 || missed > this.log.length) return undefined;
    return missed === 0 ? [] : this.log.slice(-missed);
  }

  private drop(record: ObjectRecord<Kept>): void {
    this.byId.delete(record.id);
    for (const name of this.naming.names(record)) {
      const others = this.byName.get(name)?.filter((other) => other !== record) ?? [];
      if (others.length > 0) this.byName.set(name, others);
      else this.byName.delete(name);
    }
    this.labels.remove(record);
    this.ordered.remove(record);
  }

  private note(kind: ObjectChange<Kept>['kind'], record: ObjectRecord<Kept>): void {
    this.count += 1;
    this.log.push({ revision: this.count, kind, record });
    if (this.log.length > 2 * KEPT_CHANGES) this.log.splice(0, this.log.length - KEPT_CHANGES);
    this.changed.ring();
  }
}

const ONE_NAME: Naming<unknown> = {
  names: ({ name }) => [name],
  meanings: (reference) => ({ names: [reference.replace(/^\//, '')], idPrefix: reference }),
};

function newestFirst<Kept>(a: ObjectRecord<Kept>, b: ObjectRecord<Kept>): number {
  return b.createdAt - a.createdAt || compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
