import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { toFreshness } from '../common/freshness.js';
import { type ContainersNews, type ContainersView } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { containerOf, jsonOf } from './container-catalog.js';
import { containerMatcher } from './container-filter.js';
import type { ContainerChange } from './container-change.model.js';
import type { ContainerFilter } from './container-list.inputs.js';
import type { Container } from './container.model.js';

/** Tells watchers what changes among the containers that they may see. */
@Injectable()
export class ContainerWatchService {
  constructor(private readonly gate: Gate) {}

  /**
   * First `reset`, each container as `added`, and `synced`; then each change. A watcher that is too slow gets `reset` and
   * all there is again.
   *
   * @param after the revision of the last change that the watcher knows: then only what changed since, where that can be told
   */
  async watch(
    actor: Actor,
    engine: string,
    filter: ContainerFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly ContainerChange[]>> {
    const matches = containerMatcher(filter);
    // What a filtered watcher knew of is not known here.
    const filtered = Object.values(filter).some((value) => value !== undefined);
    const news = await this.gate
      .as(actor)
      .engine(engine)
      .containersNews(filtered ? undefined : after, signal);
    return new Watcher(engine, filtered ? matches : undefined).changes(news);
  }
}

/** A change as JSON; the container in it is written once for all watchers. */
export function changeToJson({ container, ...change }: ContainerChange): string {
  const text = JSON.stringify(change);
  return container
    ? `${text.slice(0, -1)},"container":${jsonOf(container)}}`
    : `${text.slice(0, -1)},"container":null}`;
}

class Watcher {
  /** Those that met the filter when they were last told of. */
  private readonly told = new Set<string>();

  constructor(
    private readonly engine: string,
    private readonly matches: ((container: Container) => boolean) | undefined,
  ) {}

  async *changes(news: AsyncIterable<ContainersNews>): AsyncGenerator<readonly ContainerChange[]> {
    for await (const item of news) {
      if (item.kind === 'all') yield this.all(item.view);
      else if (item.kind === 'freshness')
        yield [bare(item.staleSince === undefined ? 'live' : 'stale', item.staleSince)];
      else yield this.some(item);
    }
  }

  private all(view: ContainersView): ContainerChange[] {
    this.told.clear();
    const now = Date.now();
    const added: ContainerChange[] = [];
    for (const record of view.records) {
      const { container } = containerOf(this.engine, record, now);
      if (this.matches?.(container) === false) continue;
      if (this.matches) this.told.add(container.id);
      added.push({ kind: 'added', id: container.id, container, revision: null, staleSeconds: null });
    }
    const { revision, staleSince } = view;
    return [bare('reset'), ...added, { ...bare('synced', staleSince), revision }];
  }

  private some({ changes, revision }: Extract<ContainersNews, { kind: 'changes' }>): ContainerChange[] {
    const now = Date.now();
    const told: ContainerChange[] = [];
    for (const { kind, record } of changes) {
      const { container } = containerOf(this.engine, record, now);
      const shown = this.matches ? this.filteredKind(kind, container, this.matches) : kind;
      if (shown) told.push({ kind: shown, id: container.id, container, revision: null, staleSeconds: null });
    }
    // Only with the last of them everything up to the revision is known.
    const last = told.at(-1);
    return last ? [...told.slice(0, -1), { ...last, revision }] : [];
  }

  /** A container that begins or ends to meet the filter comes and goes for its watcher. */
  private filteredKind(
    kind: 'added' | 'updated' | 'removed',
    container: Container,
    matches: (container: Container) => boolean,
  ): 'added' | 'updated' | 'removed' | undefined {
    const known = this.told.has(container.id);
    if (kind === 'removed' || !matches(container))
      return this.told.delete(container.id) ? 'removed' : undefined;
    this.told.add(container.id);
    return known ? 'updated' : 'added';
  }
}

function bare(kind: ContainerChange['kind'], staleSince?: number): ContainerChange {
  const { staleSeconds } = toFreshness({ syncedAt: 0, staleSince });
  return { kind, id: null, container: null, revision: null, staleSeconds };
}
