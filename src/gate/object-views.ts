import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { RecentlyUsed } from '../common/recently-used.js';
import type { ObjectNews, Snapshot } from '../state/object-state.js';
import { State } from '../state/state.js';
import type { ContainerRecord, KeptContainer } from '../state/watched-containers.js';
import { Authoriser } from './authoriser.js';
import { recordWithoutMountSources } from './redaction.js';
import { RevisionTokens } from './revision-tokens.js';
import type { Rights } from './rights.js';
import { isLasting, type Onlooker, reachOf, seesAll, ShownContainers } from './shown-containers.js';

export type { ContainerRecord, KeptContainer } from '../state/watched-containers.js';

/** Views that are remembered, one for each actor whose rights are scoped and each engine. */
const KEPT_VIEWS = 500;

/** How far what was read from memory can be relied on. */
export interface Freshness {
  /** When memory was last compared whole with the engine, in milliseconds since the epoch. */
  readonly syncedAt: number;
  /** Since when the engine is away, in milliseconds since the epoch; undefined while it is followed. */
  readonly staleSince: number | undefined;
}

/** The containers of an engine as far as one actor may see them. */
export interface ContainersView extends Freshness {
  /** Newest first. The same array for as long as nothing in it changes. */
  readonly records: readonly ContainerRecord[];
  /** Changes when, and only when, `records` does. To be compared for equality only. */
  readonly revision: string;
}

/** A change that the actor may see. A removal carries the container as it was. */
export interface ContainerChange {
  readonly kind: 'added' | 'updated' | 'removed';
  readonly record: ContainerRecord;
}

/** What a watcher gets: all there is, first and after each gap; then what changes. */
export type ContainersNews =
  | { readonly kind: 'all'; readonly view: ContainersView }
  | { readonly kind: 'changes'; readonly changes: readonly ContainerChange[]; readonly revision: string }
  | { readonly kind: 'freshness'; readonly staleSince: number | undefined };

interface Remembered {
  /** What it was made of. */
  readonly source: readonly ContainerRecord[];
  readonly records: readonly ContainerRecord[];
  readonly revision: number;
}

/** Reads of containers from memory, cut down to what the actor may see. */
@Injectable()
export class ContainerViews {
  private readonly tokens = new RevisionTokens();
  private readonly remembered = new RecentlyUsed<string, Remembered>(KEPT_VIEWS);

  constructor(
    private readonly state: State,
    private readonly authoriser: Authoriser,
    private readonly shown: ShownContainers,
  ) {}

  /** @param fresh compares memory with the engine first */
  async view(
    actor: Actor,
    engine: string,
    rights: Rights,
    { fresh = false, signal }: { fresh?: boolean; signal?: AbortSignal | undefined } = {},
  ): Promise<ContainersView> {
    const state = this.state.containers(engine);
    if (fresh) await state.compare();
    return this.viewOf(await state.snapshot(signal), { actor, engine, rights });
  }

  freshness(engine: string): Freshness {
    return this.state.containers(engine).freshness;
  }

  /** Resolves when the container was read from the engine once more. */
  async refresh(engine: string, id: string): Promise<void> {
    await this.state.containers(engine).refresh(id);
  }

  /**
   * What is new, decided by the rights of each moment. It ends when `signal` is aborted.
   *
   * @param after a revision up to which the watcher knows everything. Whoever may see only some of the containers always
   *   begins with all of them: what it knew of those that are gone cannot be told from here
   */
  async *news(
    actor: Actor,
    engine: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<ContainersNews> {
    const state = this.state.containers(engine);
    const onlooker = async () => ({ actor, engine, rights: await this.authoriser.rights(actor, engine) });
    let viewer = await onlooker();
    let reach = reachOf(viewer);
    let known = after !== undefined && seesAll(viewer.rights) ? this.tokens.open(after, reach) : undefined;
    while (!signal.aborted) {
      const seen = new Set<string>();
      for await (const news of state.news(known, signal)) {
        viewer = await onlooker();
        if (reachOf(viewer) !== reach) {
          reach = reachOf(viewer);
          known = undefined;
          break;
        }
        const visible = await this.visibleNews(news, viewer, seen);
        if (visible) yield visible;
      }
    }
  }

  private async visibleNews(
    news: ObjectNews<KeptContainer>,
    onlooker: Onlooker,
    seen: Set<string>,
  ): Promise<ContainersNews | undefined> {
    if (news.kind === 'freshness') return news;
    const all = seesAll(onlooker.rights);
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
    const changes: ContainerChange[] = [];
    for (const { kind, record } of news.changes) {
      const visible = shown.get(record);
      // Whether it was seen before is kept only for those who do not see all.
      if (visible)
        changes.push({ kind: all ? kind : seen.has(record.id) ? 'updated' : 'added', record: visible });
      else if (all || seen.has(record.id))
        changes.push({ kind: 'removed', record: recordWithoutMountSources(record) });
      if (all) continue;
      if (visible) seen.add(record.id);
      else seen.delete(record.id);
    }
    const revision = this.tokens.seal(news.revision, reachOf(onlooker));
    return changes.length === 0 ? undefined : { kind: 'changes', changes, revision };
  }

  private async viewOf(
    { records: source, revision, syncedAt, staleSince }: Snapshot<KeptContainer>,
    onlooker: Onlooker,
  ): Promise<ContainersView> {
    const reach = reachOf(onlooker);
    const before = this.remembered.get(reach);
    const unchanged = before?.source === source && isLasting(onlooker.rights);
    const records = unchanged ? before.records : await this.shown.all(source, onlooker);
    // Who owns what changes without a change of the store. Only who sees all comes back with a revision of the store.
    const least = before && !seesAll(onlooker.rights) ? before.revision + 1 : 0;
    const now =
      before && same(before.records, records)
        ? { ...before, source }
        : { source, records, revision: Math.max(revision, least) };
    this.remembered.set(reach, now);
    return { records: now.records, revision: this.tokens.seal(now.revision, reach), syncedAt, staleSince };
  }
}

function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}
