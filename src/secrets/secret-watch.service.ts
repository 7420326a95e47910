import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { namedMatcher } from '../swarm/named-matcher.js';
import { SECRETS } from './secret-catalog.js';
import type { SecretChange } from './secret-change.model.js';
import type { SecretFilter } from './secret-list.inputs.js';
import type { Secret } from './secret.model.js';

export const SECRET_WATCH = new ObjectWatch({
  kind: 'secret',
  catalog: SECRETS,
  matcher: (filter: SecretFilter): ((secret: Secret) => boolean) => namedMatcher(filter),
});

/** Tells watchers what changes among the secrets that they may see. */
@Injectable()
export class SecretWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: SecretFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly SecretChange[]>> {
    return SECRET_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
