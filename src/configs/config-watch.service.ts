import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { namedMatcher } from '../swarm/named-matcher.js';
import { CONFIGS } from './config-catalog.js';
import type { ConfigChange } from './config-change.model.js';
import type { ConfigFilter } from './config-list.inputs.js';
import type { Config } from './config.model.js';

export const CONFIG_WATCH = new ObjectWatch({
  kind: 'config',
  catalog: CONFIGS,
  matcher: (filter: ConfigFilter): ((config: Config) => boolean) => namedMatcher(filter),
});

/** Tells watchers what changes among the configs that they may see. */
@Injectable()
export class ConfigWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: ConfigFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly ConfigChange[]>> {
    return CONFIG_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
