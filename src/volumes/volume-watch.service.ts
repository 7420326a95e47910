import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import { listedFilter } from '../http/object-pages.js';
import { changeToJson as toJson, ObjectWatcher } from '../http/object-watch.js';
import { VOLUMES } from './volume-catalog.js';
import type { VolumeChange } from './volume-change.model.js';
import { volumeMatcher } from './volume-filter.js';
import type { VolumeFilter } from './volume-list.inputs.js';

const NONE: ReadonlySet<string> = new Set();

/** Tells watchers what changes among the volumes that they may see. */
@Injectable()
export class VolumeWatchService {
  constructor(private readonly gate: Gate) {}

  /**
   * First `reset`, each volume as `added`, and `synced`; then each change.
   *
   * @param after the revision of the last change that the watcher knows: then only what changed since, where that can be told
   * @throws DomainError `invalid_input` for `dangling`, which changes without a change of the volume
   */
  async watch(
    actor: Actor,
    engine: string,
    filter: VolumeFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly VolumeChange[]>> {
    if (filter.dangling !== undefined)
      throw new DomainError('invalid_input', 'Volumes cannot be watched by whether they are dangling', {
        errors: [{ field: 'dangling', message: 'is not for watching' }],
      });
    const matches = listedFilter(filter, (wanted) => volumeMatcher(wanted, NONE))?.matcher();
    const news = await this.gate
      .as(actor)
      .engine(engine)
      .news('volume', matches ? undefined : after, signal);
    return new ObjectWatcher({ field: 'volume', catalog: VOLUMES, engine, matches }).changes(news);
  }
}

/** A change as JSON; the volume in it is written once for all watchers. */
export const changeToJson: (change: VolumeChange) => string = toJson('volume', VOLUMES);
