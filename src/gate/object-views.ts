import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { RecentlyUsed } from '../common/recently-used.js';
import type { ObjectNews, Snapshot } from '../state/object-state.js';
import { State } from '../state/state.js';
import type { ObjectRecord } from '../state/watched-kind.js';
import type { KeptOf, WatchedKindName } from '../state/watched-kinds.js';
import { Authoriser } from './authoriser.js';
import { RevisionTokens } from './revision-tokens.js';
import { isLasting, leastForm, type Onlooker, reachOf, seesAll, ShownObjects } from './shown-objects.js';

/** Views that are remembered, one for each actor whose rights are scoped and each engine. */
const KEPT_VIEWS = 500;
/** How often a watcher's rights are looked at while it is told nothing. */
const LOOK_EVERY_MS = 5_000;

/** How far what was read from memory can be relied on. */
export interface Freshness {
  /** When memory was last compared whole with the engine, in milliseconds since the epoch. */
  readonly syncedAt: number;
  /** Since when the engine is away, in milliseconds since the epoch; undefined while it is followed. */
  readonly staleSince: number | undefined;
}

/** The objects of one kind on an engine as far as one actor may see them. */
export interface ObjectsView<Kind extends WatchedKindName> extends Freshness {
  /** Newest first. The same array for as long as nothing in it changes. */
  readonly records: readonly ObjectRecord<KeptOf<Kind>>[];
  /** Changes when, and only when, `records` does. To be compared for equality only. */
  readonly revision: string;
}

/** A change that the actor may see. A removal carries the object as it was. */
export interface ShownChange<Kind extends WatchedKindName> {
  readonly kind: 'added' | 'updated' | 'removed';
  readonly record: ObjectRecord<KeptOf<Kind>>;
}

/** What a watcher gets: all there is, first and after each gap; then what changes. */
export type ObjectsNews<Kind extends WatchedKindName> =
  | { readonly kind: 'all'; readonly view: ObjectsView<Kind> }
  | { readonly kind: 'changes'; readonly changes: readonly ShownChange<Kind>[]; readonly revision: string }
  | { readonly kind: 'freshness'; readonly staleSince: number | undefined };

interface Remembered {
  /** What it was made of. */
  readonly source: readonly unknown[];
  readonly records: readonly unknown[];
  readonly revision: number;
  /** The revision, sealed. */
  readonly token: string;
}

/** Reads of objects from memory, cut down to what the actor may see. */
@Injectable()
export class ObjectViews {
  private readonly tokens = new RevisionTokens();
  private readonly remembered = new RecentlyUsed<string, Remembered>(KEPT_VIEWS);

  constructor(
    private readonly state: State,
    private readonly authoriser: Authoriser,
    private readonly shown: ShownObjects,
  ) {}

  /** @param fresh compares memory with the engine first */
  async view<Kind extends WatchedKindName>(
    onlooker: Onlooker<Kind>,
    { fresh = false, signal }: { fresh?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<ObjectsView<Kind>> {
    const state = this.state.of(onlooker.engine, onlooker.kind);
    if (fresh) await state.compare();
    return this.viewOf(await state.snapshot(signal), onlooker);
  }

  freshness(engine: string, kind: WatchedKindName): Freshness {
    return this.state.of(engine, kind).freshness;
  }

  /** Resolves when the object was read from the engine once more. */
  async refresh(engine: string, kind: WatchedKindName, id: string): Promise<void> {
    await this.state.of(engine, kind).refresh(id);
  }

  /**
   * What is new, decided by the rights of each moment. It ends when `signal` is aborted.
   *
   * @param after a revision up to which the watcher knows everything. Whoever may see only some of the objects always
   *   begins with all of them: what it knew of those that are gone cannot be told from here
   */
  async *news<Kind extends WatchedKindName>(
    actor: Actor,
    engine: string,
    kind: Kind,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ObjectsNews<Kind>> {
    const state = this.state.of(engine, kind);
    const onlooker = async () => ({
      actor,
      engine,
      kind,
      rights: await this.authoriser.rights(actor, engine),
    });
    let viewer = await onlooker();
    let reach = reachOf(viewer);
    let known = after !== undefined && seesAll(viewer) ? this.tokens.open(after, reach) : undefined;
    while (!signal.aborted) {
      const seen = new Set<string>();
      // Rights may widen while nothing happens on the engine, too.
      const turned = new AbortController();
      const looking = setInterval(() => {
        onlooker().then(
          (now) => reachOf(now) !== reach && turned.abort(),
          (error: unknown) => turned.abort(error),
        );
      }, LOOK_EVERY_MS).unref();
      try {
        for await (const news of state.news(known, AbortSignal.any([signal, turned.signal]))) {
          viewer = await onlooker();
          if (reachOf(viewer) !== reach) break;
          const visible = await this.visibleNews(news, viewer, seen);
          if (visible) yield visible;
        }
      } finally {
        clearInterval(looking);
      }
      viewer = await onlooker();
      reach = reachOf(viewer);
      known = undefined;
    }
  }

  private async visibleNews<Kind extends WatchedKindName>(
    news: ObjectNews<KeptOf<Kind>>,
    onlooker: Onlooker<Kind>,
    seen: Set<string>,
  ): Promise<ObjectsNews<Kind> | undefined> {
    if (news.kind === 'freshness') return news;
    const all = seesAll(onlooker);
    if (news.kind === 'all') {
      const view = await this.viewOf(news.snapshot, onlooker);
      seen.clear();
      if (!all) for (const { id } of view.records) seen.add(id);
      return { kind: 'all', view };
    }
    const shown = await this.shown.each(
      news.changes.filter(({ kind }) => kind !== 'removed').map(({ record }) => record),
      onlooker,
    );
    const changes: ShownChange<Kind>[] = [];
    for (const { kind, record } of news.changes) {
      const visible = shown.get(record);
      // Whether it was seen before is kept only for those who do not see all.
      if (visible)
        changes.push({ kind: all ? kind : seen.has(record.id) ? 'updated' : 'added', record: visible });
      else if (all || seen.has(record.id))
        changes.push({ kind: 'removed', record: leastForm(onlooker.kind, record) });
      if (all) continue;
      if (visible) seen.add(record.id);
      else seen.delete(record.id);
    }
    const revision = this.tokens.seal(news.revision, reachOf(onlooker));
    return changes.length === 0 ? undefined : { kind: 'changes', changes, revision };
  }

  private async viewOf<Kind extends WatchedKindName>(
    { records: source, revision, syncedAt, staleSince }: Snapshot<KeptOf<Kind>>,
    onlooker: Onlooker<Kind>,
  ): Promise<ObjectsView<Kind>> {
    const reach = reachOf(onlooker);
    const before = this.remembered.get(reach);
    const unchanged = before?.source === source && isLasting(onlooker);
    const records = unchanged
      ? (before.records as ObjectsView<Kind>['records'])
      : await this.shown.all(source, onlooker);
    // Who owns what changes without a change of the store. Only who sees all comes back with a revision of the store.
    const least = before && !seesAll(onlooker) ? before.revision + 1 : 0;
    const next = Math.max(revision, least);
    const now =
      before && same(before.records, records)
        ? { ...before, source }
        : { source, records, revision: next, token: this.tokens.seal(next, reach) };
    this.remembered.set(reach, now);
    return {
      records: now.records as ObjectsView<Kind>['records'],
      revision: now.token,
      syncedAt,
      staleSince,
    };
  }
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}
