import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { listedFilter } from '../http/object-pages.js';
import { changeToJson as toJson, ObjectWatcher } from '../http/object-watch.js';
import { CONTAINERS } from './container-catalog.js';
import { containerMatcher } from './container-filter.js';
import type { ContainerChange } from './container-change.model.js';
import type { ContainerFilter } from './container-list.inputs.js';

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
    const matches = listedFilter(filter, containerMatcher)?.matcher();
    // What a filtered watcher knew of is not known here.
    const news = await this.gate
      .as(actor)
      .engine(engine)
      .news('container', matches ? undefined : after, signal);
    return new ObjectWatcher({ field: 'container', catalog: CONTAINERS, engine, matches }).changes(news);
  }
}

/** A change as JSON; the container in it is written once for all watchers. */
export const changeToJson: (change: ContainerChange) => string = toJson('container', CONTAINERS);
