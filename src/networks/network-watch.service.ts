import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import { listedFilter } from '../http/object-pages.js';
import { changeToJson as toJson, ObjectWatcher } from '../http/object-watch.js';
import { NETWORKS } from './network-catalog.js';
import type { NetworkChange } from './network-change.model.js';
import { networkMatcher } from './network-filter.js';
import type { NetworkFilter } from './network-list.inputs.js';

/** Tells watchers what changes among the networks that they may see. */
@Injectable()
export class NetworkWatchService {
  constructor(private readonly gate: Gate) {}

  /**
   * First `reset`, each network as `added`, and `synced`; then each change.
   *
   * @param after the revision of the last change that the watcher knows: then only what changed since, where that can be told
   * @throws DomainError `invalid_input` for `dangling`, which changes without a change of the network
   */
  async watch(
    actor: Actor,
    engine: string,
    filter: NetworkFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly NetworkChange[]>> {
    if (filter.dangling !== undefined)
      throw new DomainError('invalid_input', 'Networks cannot be watched by whether they are dangling', {
        errors: [{ field: 'dangling', message: 'is not for watching' }],
      });
    const matches = listedFilter(filter, (wanted) => networkMatcher(wanted, () => true))?.matcher();
    // What a filtered watcher knew of is not known here.
    const news = await this.gate
      .as(actor)
      .engine(engine)
      .news('network', matches ? undefined : after, signal);
    return new ObjectWatcher({ field: 'network', catalog: NETWORKS, engine, matches }).changes(news);
  }
}

/** A change as JSON; the network in it is written once for all watchers. */
export const changeToJson: (change: NetworkChange) => string = toJson('network', NETWORKS);
