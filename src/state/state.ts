import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { DomainError, notFound } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { EngineRegistry } from '../engine/engine-registry.js';
import { EngineMonitor } from './engine-monitor.js';
import { EngineWatch } from './engine-watch.js';
import { ObjectState } from './object-state.js';
import {
  type DocumentOf,
  type KeptOf,
  WATCHED_KIND_NAMES,
  watchedKind,
  type WatchedKindName,
} from './watched-kinds.js';

export type StateOf<Name extends WatchedKindName> = ObjectState<KeptOf<Name>, DocumentOf<Name>>;

/** The end of an object whose id may be used again. */
export interface ObjectEnd {
  readonly engine: string;
  readonly kind: WatchedKindName;
  readonly id: string;
  /** In milliseconds since the epoch: by the engine's clock, or by ours when it was looked for and not there any more. */
  readonly at: number;
}

/** What is on the engines, as memory has it: each engine is followed by one list and watch. Contract: `ObjectState`. */
@Injectable()
export class State implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly engines = new Map<string, EngineWatch>();
  private readonly states = new WeakMap<object, unknown>();
  private readonly listeners: ((end: ObjectEnd) => void)[] = [];

  constructor(
    private readonly registry: EngineRegistry,
    private readonly monitor: EngineMonitor,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const name of this.registry.names()) this.follow(name);
    this.registry.onChange(({ kind, name }) => {
      if (kind === 'added') this.follow(name);
      else this.unfollow(name);
    });
    this.monitor.onTurn(({ name, reachable, error }) => {
      const watch = this.engines.get(name);
      if (reachable) watch?.tryNow();
      else
        watch?.interrupt(
          new DomainError('engine_unavailable', error ?? 'It does not answer', { retryAfter: 5 }),
        );
    });
  }

  /** Called by Nest first of all when the program stops: it waits for open requests. */
  onModuleDestroy(): void {
    for (const watch of this.engines.values()) watch.close();
  }

  onApplicationShutdown(): void {
    for (const watch of this.engines.values()) watch.stop();
  }

  /** Calls `listener` when an object is gone of a kind whose ids may be used again, also where another has its id by now. */
  onEnd(listener: (end: ObjectEnd) => void): void {
    this.listeners.push(listener);
  }

  /**
   * The objects of one kind on one engine.
   *
   * @throws DomainError `not_found` for an engine that there is not
   */
  of<Name extends WatchedKindName>(engine: string, kind: Name): StateOf<Name> {
    const watch = this.engines.get(engine);
    if (!watch) throw notFound('engine', engine);
    const objects = watch.of(kind);
    const known = this.states.get(objects) as StateOf<Name> | undefined;
    if (known) return known;
    const state = new ObjectState(watch, objects);
    this.states.set(objects, state);
    return state;
  }

  private follow(name: string): void {
    const watch = new EngineWatch(this.registry.get(name), this.logger);
    this.engines.set(name, watch);
    for (const kind of WATCHED_KIND_NAMES.filter((each) => watchedKind(each).endsWith !== undefined))
      watch.of(kind).onEnd((id, at) => {
        for (const listener of this.listeners) listener({ engine: name, kind, id, at });
      });
    watch.start();
  }

  private unfollow(name: string): void {
    const removed = new DomainError('engine_unavailable', `Engine "${name}" is no longer connected.`);
    const watch = this.engines.get(name);
    this.engines.delete(name);
    watch?.close(removed);
    watch?.stop(removed);
  }
}
