import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { listedFilter } from '../http/object-pages.js';
import { changeToJson as toJson, ObjectWatcher } from '../http/object-watch.js';
import { IMAGES } from './image-catalog.js';
import type { ImageChange } from './image-change.model.js';
import { imageMatcher } from './image-filter.js';
import type { ImageFilter } from './image-list.inputs.js';
import { notForWatching } from './image-users.js';
import type { Image } from './image.model.js';

/** Filters that depend on more than the image itself. */
const NOT_FOR_WATCHING = ['used', 'since', 'before'] as const;

/** Tells watchers what changes among the images that they may see. */
@Injectable()
export class ImageWatchService {
  constructor(private readonly gate: Gate) {}

  /**
   * First `reset`, each image as `added`, and `synced`; then each change. A watcher that is too slow gets `reset` and all
   * there is again.
   *
   * @param after the revision of the last change that the watcher knows: then only what changed since, where that can be told
   * @throws DomainError `invalid_input` for a filter that depends on more than the image
   */
  async watch(
    actor: Actor,
    engine: string,
    filter: ImageFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly ImageChange[]>> {
    const unfit = NOT_FOR_WATCHING.find((field) => filter[field] !== undefined);
    if (unfit) throw notForWatching(unfit);
    const matcher = (wanted: ImageFilter) => imageMatcher(wanted, { used: new Set() });
    const matches = listedFilter<ImageFilter, Image>(filter, matcher)?.matcher();
    // What a filtered watcher knew of is not known here.
    const news = await this.gate
      .as(actor)
      .engine(engine)
      .news('image', matches ? undefined : after, signal);
    return new ObjectWatcher({ field: 'image', catalog: IMAGES, engine, matches }).changes(news);
  }
}

/** A change as JSON; the image in it is written once for all watchers. */
export const changeToJson: (change: ImageChange) => string = toJson('image', IMAGES);
