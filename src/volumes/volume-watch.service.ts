import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { VOLUMES } from './volume-catalog.js';
import type { VolumeChange } from './volume-change.model.js';
import { volumeMatcher } from './volume-filter.js';
import type { VolumeFilter } from './volume-list.inputs.js';

export const VOLUME_WATCH = new ObjectWatch({
  kind: 'volume',
  catalog: VOLUMES,
  matcher: (filter: VolumeFilter) => volumeMatcher(filter, new Set()),
  notForWatching: ['dangling'],
});

/** Tells watchers what changes among the volumes that they may see. */
@Injectable()
export class VolumeWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: VolumeFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly VolumeChange[]>> {
    return VOLUME_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
