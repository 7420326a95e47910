import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { NODES } from './node-catalog.js';
import type { NodeChange } from './node-change.model.js';
import { nodeMatcher } from './node-filter.js';
import type { NodeFilter } from './node-list.inputs.js';

export const NODE_WATCH = new ObjectWatch({
  kind: 'node',
  catalog: NODES,
  matcher: (filter: NodeFilter) => nodeMatcher(filter),
});

/** Tells watchers what changes among the nodes that they may see. */
@Injectable()
export class NodeWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: NodeFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly NodeChange[]>> {
    return NODE_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
