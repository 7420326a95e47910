import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { SERVICES } from './service-catalog.js';
import type { ServiceChanged } from './service-changed.model.js';
import { serviceMatcher } from './service-filter.js';
import type { ServiceFilter } from './service-list.inputs.js';

export const SERVICE_WATCH = new ObjectWatch({
  kind: 'service',
  catalog: SERVICES,
  matcher: serviceMatcher,
});

/** Tells watchers what changes among the services that they may see. */
@Injectable()
export class ServiceWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: ServiceFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly ServiceChanged[]>> {
    return SERVICE_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
