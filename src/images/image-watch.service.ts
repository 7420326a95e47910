import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { IMAGES } from './image-catalog.js';
import type { ImageChange } from './image-change.model.js';
import { imageMatcher } from './image-filter.js';
import type { ImageFilter } from './image-list.inputs.js';

export const IMAGE_WATCH = new ObjectWatch({
  kind: 'image',
  catalog: IMAGES,
  matcher: (filter: ImageFilter) => imageMatcher(filter, { used: new Set() }),
  notForWatching: ['used', 'since', 'before'],
});

/** Tells watchers what changes among the images that they may see. */
@Injectable()
export class ImageWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: ImageFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly ImageChange[]>> {
    return IMAGE_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
