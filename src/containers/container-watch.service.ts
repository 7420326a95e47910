import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { CONTAINERS } from './container-catalog.js';
import type { ContainerChange } from './container-change.model.js';
import { containerMatcher } from './container-filter.js';
import type { ContainerFilter } from './container-list.inputs.js';

export const CONTAINER_WATCH = new ObjectWatch({
  kind: 'container',
  catalog: CONTAINERS,
  matcher: containerMatcher,
});

/** Tells watchers what changes among the containers that they may see. */
@Injectable()
export class ContainerWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: ContainerFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly ContainerChange[]>> {
    return CONTAINER_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
