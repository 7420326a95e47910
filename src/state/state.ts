import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { ContainerInspectInfo } from 'dockerode';
import type { Logger } from 'pino';
import { DomainError, notFound } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { EngineRegistry } from '../engine/engine-registry.js';
import { EngineMonitor } from './engine-monitor.js';
import { EngineWatch } from './engine-watch.js';
import { ObjectState } from './object-state.js';
import type { KeptContainer } from './watched-containers.js';

export type ContainersState = ObjectState<KeptContainer, ContainerInspectInfo>;

interface EngineState {
  readonly watch: EngineWatch;
  readonly containers: ContainersState;
}

/** What is on the engines, as memory has it: each engine is followed by one list and watch. Contract: `ObjectState`. */
@Injectable()
export class State implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly engines = new Map<string, EngineState>();

  constructor(
    private readonly registry: EngineRegistry,
    private readonly monitor: EngineMonitor,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const name of this.registry.names()) this.follow(name);
    this.monitor.onTurn(({ name, reachable, error }) => {
      const watch = this.engines.get(name)?.watch;
      if (reachable) watch?.tryNow();
      else
        watch?.interrupt(
          new DomainError('engine_unavailable', error ?? 'It does not answer', { retryAfter: 5 }),
        );
    });
  }

  /** Called by Nest first of all when the program stops: it waits for open requests. */
  onModuleDestroy(): void {
    for (const { watch } of this.engines.values()) watch.close();
  }

  onApplicationShutdown(): void {
    for (const { watch } of this.engines.values()) watch.stop();
  }

  /** @throws DomainError `not_found` for an engine that there is not */
  containers(engine: string): ContainersState {
    const state = this.engines.get(engine);
    if (!state) throw notFound('engine', engine);
    return state.containers;
  }

  private follow(name: string): void {
    const watch = new EngineWatch(this.registry.get(name), this.logger);
    this.engines.set(name, { watch, containers: new ObjectState(watch, watch.containers) });
    watch.start();
  }
}
