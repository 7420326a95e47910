import { DomainError } from '../common/errors.js';
import { toFreshness } from '../common/freshness.js';
import type { ObjectCatalog } from './object-catalog.js';
import type { ObjectChangeKind } from './object-change.model.js';
import { listedFilter, type ListedView } from './object-pages.js';
import type { StreamOptions } from './streaming.js';

/** What the gate tells of one kind of an engine's objects: all there is, first and after each gap; then what changes. */
export type ListedNews<Kept extends object> =
  | { readonly kind: 'all'; readonly view: ListedView<Kept> }
  | {
      readonly kind: 'changes';
      readonly changes: readonly { readonly kind: 'added' | 'updated' | 'removed'; readonly record: Kept }[];
      readonly revision: string;
    }
  | { readonly kind: 'freshness'; readonly staleSince: number | undefined };

/** A change as watchers are told: an `ObjectChange` with the object in the field that is named after its kind. */
export type ChangeOf<Field extends string, T> = {
  kind: ObjectChangeKind;
  id: string | null;
  revision: string | null;
  staleSeconds: number | null;
} & Record<Field, T | null>;

export interface WatchOptions<Field extends string, Kept extends object, T extends { readonly id: string }> {
  /** The field that holds the object, such as `container`. */
  readonly field: Field;
  readonly catalog: ObjectCatalog<Kept, T>;
  readonly engine: string;
  /** Undefined watches all. What a filtered watcher knew is not known here: it never comes back with a revision. */
  readonly matches?: ((object: T) => boolean) | undefined;
}

/** Tells one watcher what changes among the objects that it may see and asked for. */
export class ObjectWatcher<Field extends string, Kept extends object, T extends { readonly id: string }> {
  /** Those that met the filter when they were last told of. */
  private readonly told = new Set<string>();

  constructor(private readonly options: WatchOptions<Field, Kept, T>) {}

  /** First `reset`, each object as `added`, and `synced`, unless `news` goes on from a revision; then each change. */
  async *changes(
    news: AsyncIterable<ListedNews<Kept>>,
  ): AsyncGenerator<readonly ChangeOf<Field, T>[], void, undefined> {
    for await (const item of news) {
      if (item.kind === 'all') yield this.all(item.view);
      else if (item.kind === 'freshness')
        yield [this.bare(item.staleSince === undefined ? 'live' : 'stale', item.staleSince)];
      else yield this.some(item);
    }
  }

  private all(view: ListedView<Kept>): ChangeOf<Field, T>[] {
    this.told.clear();
    const { catalog, engine, matches } = this.options;
    const now = Date.now();
    const added: ChangeOf<Field, T>[] = [];
    for (const record of view.records) {
      const { object } = catalog.entryOf(engine, record, now);
      if (matches?.(object) === false) continue;
      if (matches) this.told.add(object.id);
      added.push(this.about('added', object));
    }
    const { revision, staleSince } = view;
    return [this.bare('reset'), ...added, { ...this.bare('synced', staleSince), revision }];
  }

  private some({ changes, revision }: Extract<ListedNews<Kept>, { kind: 'changes' }>): ChangeOf<Field, T>[] {
    const { catalog, engine, matches } = this.options;
    const now = Date.now();
    const told: ChangeOf<Field, T>[] = [];
    for (const { kind, record } of changes) {
      const { object } = catalog.entryOf(engine, record, now);
      const shown = matches ? this.filteredKind(kind, object, matches) : kind;
      if (shown) told.push(this.about(shown, object));
    }
    // Only with the last of them everything up to the revision is known.
    const last = told.at(-1);
    return last ? [...told.slice(0, -1), { ...last, revision }] : [];
  }

  /** An object that begins or ends to meet the filter comes and goes for its watcher. */
  private filteredKind(
    kind: 'added' | 'updated' | 'removed',
    object: T,
    matches: (object: T) => boolean,
  ): 'added' | 'updated' | 'removed' | undefined {
    const known = this.told.has(object.id);
    if (kind === 'removed' || !matches(object)) return this.told.delete(object.id) ? 'removed' : undefined;
    this.told.add(object.id);
    return known ? 'updated' : 'added';
  }

  private about(kind: 'added' | 'updated' | 'removed', object: T): ChangeOf<Field, T> {
    return this.change(kind, object.id, object, null);
  }

  private bare(kind: 'reset' | 'synced' | 'stale' | 'live', staleSince?: number): ChangeOf<Field, T> {
    return this.change(kind, null, null, toFreshness({ syncedAt: 0, staleSince }).staleSeconds);
  }

  private change(
    kind: ObjectChangeKind,
    id: string | null,
    object: T | null,
    staleSeconds: number | null,
  ): ChangeOf<Field, T> {
    return { kind, id, [this.options.field]: object, revision: null, staleSeconds } as ChangeOf<Field, T>;
  }
}

/** What the gate lets an actor see of an engine, as far as it takes to watch one kind of objects. */
interface NewsSource<Kind extends string, Kept extends object> {
  /** The name of the engine. */
  readonly name: string;
  news(kind: Kind, after: string | undefined, signal: AbortSignal): Promise<AsyncIterable<ListedNews<Kept>>>;
}

export interface WatchedObjects<Kind extends string, Kept extends object, T, Filter extends object> {
  /** Its changes hold an object in the field of this name, too. */
  readonly kind: Kind;
  readonly catalog: ObjectCatalog<Kept, T & { readonly id: string }>;
  /** @throws DomainError `invalid_input` for a filter that can't be read */
  readonly matcher: (filter: Filter) => (object: T) => boolean;
  /** Filters that depend on more than the object itself: what meets them changes without a change of the object. */
  readonly notForWatching?: readonly (keyof Filter & string)[];
}

/** How one kind of objects is watched, stated once for all doors. */
export class ObjectWatch<
  Kind extends string,
  Kept extends object,
  T extends { readonly id: string },
  Filter extends object,
> {
  /** How REST streams the changes: the object in each is written once for all watchers. */
  readonly stream: StreamOptions<ChangeOf<Kind, T>>;

  constructor(private readonly watched: WatchedObjects<Kind, Kept, T, Filter>) {
    this.stream = {
      formats: ['text/event-stream', 'application/x-ndjson'],
      event: ({ kind }) => kind,
      id: ({ revision }) => revision ?? undefined,
      json: changeToJson(watched.kind, watched.catalog),
    };
  }

  /**
   * First `reset`, each object as `added`, and `synced`; then each change. A watcher that is too slow gets `reset` and all
   * there is again.
   *
   * @param engine what the gate lets the watcher see
   * @param after the revision of the last change that the watcher knows: then only what changed since, where that can be
   *   told
   * @throws DomainError `invalid_input` for a filter that is not for watching or can't be read
   */
  async open(
    engine: NewsSource<Kind, Kept>,
    filter: Filter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly ChangeOf<Kind, T>[]>> {
    const { kind, catalog, matcher, notForWatching = [] } = this.watched;
    const unfit = notForWatching.find((field) => filter[field] !== undefined);
    if (unfit !== undefined) throw unwatchable(unfit);
    const matches = listedFilter(filter, matcher)?.matcher();
    // What a filtered watcher knew of is not known here.
    const news = await engine.news(kind, matches ? undefined : after, signal);
    return new ObjectWatcher({ field: kind, catalog, engine: engine.name, matches }).changes(news);
  }
}

function unwatchable(field: string): DomainError {
  const message = `${field} is not for watching`;
  return new DomainError('invalid_input', message, { errors: [{ field, message }] });
}

/** A change as JSON; the object in it is written once for all watchers. */
function changeToJson<Field extends string, T extends { readonly id: string }>(
  field: Field,
  catalog: { jsonOf(object: T): string },
): (change: ChangeOf<Field, T>) => string {
  return (change) => {
    const { [field]: object, ...rest } = change as ChangeOf<string, T>;
    const text = JSON.stringify(rest).slice(0, -1);
    return `${text},"${field}":${object ? catalog.jsonOf(object) : 'null'}}`;
  };
}
