import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { NETWORKS } from './network-catalog.js';
import type { NetworkChange } from './network-change.model.js';
import { networkMatcher } from './network-filter.js';
import type { NetworkFilter } from './network-list.inputs.js';

export const NETWORK_WATCH = new ObjectWatch({
  kind: 'network',
  catalog: NETWORKS,
  matcher: (filter: NetworkFilter) => networkMatcher(filter, () => true),
  notForWatching: ['dangling'],
});

/** Tells watchers what changes among the networks that they may see. */
@Injectable()
export class NetworkWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: NetworkFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly NetworkChange[]>> {
    return NETWORK_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
