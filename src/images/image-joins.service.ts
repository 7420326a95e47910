import { Injectable } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { CONTAINERS } from '../containers/container-catalog.js';
import type { Container } from '../containers/container.model.js';
import { Gate } from '../gate/gate.js';
import { RequestLoader } from '../http/request-loader.js';
import { type ImageRecord, IMAGES } from './image-catalog.js';
import { usersByImage } from './image-users.js';
import type { Image } from './image.model.js';

const byId = new WeakMap<readonly ImageRecord[], ReadonlyMap<string, ImageRecord>>();

/** Leads from containers to images and back, from memory, through the gate once for each operation. */
@Injectable()
export class ImageJoins {
  private readonly images = new RequestLoader<ReadonlyMap<string, ImageRecord>>();
  private readonly users = new RequestLoader<ReturnType<typeof usersByImage> | null>();

  constructor(private readonly gate: Gate) {}

  /** The image that a container was made of; null where the actor may not see it, and where it is gone. */
  async imageOf(
    actor: Actor,
    { engine, imageId }: Pick<Container, 'engine' | 'imageId'>,
    info: GraphQLResolveInfo,
  ): Promise<Image | null> {
    const images = await this.images.load(info, engine, async () => {
      const handle = this.gate.as(actor).engine(engine);
      return (await handle.mayEver('images:list'))
        ? imagesById((await handle.objects('image')).records)
        : new Map<string, ImageRecord>();
    });
    const record = images.get(imageId);
    return record ? IMAGES.entryOf(engine, record, Date.now()).object : null;
  }

  /** The containers that were made of an image, as far as the actor may see; null where it may see no containers at all. */
  async containersOf(
    actor: Actor,
    { engine, id }: Pick<Image, 'engine' | 'id'>,
    info: GraphQLResolveInfo,
  ): Promise<Container[] | null> {
    const users = await this.users.load(info, engine, async () => {
      const handle = this.gate.as(actor).engine(engine);
      return (await handle.mayEver('containers:list'))
        ? usersByImage((await handle.objects('container')).records)
        : null;
    });
    if (!users) return null;
    return (users.get(id) ?? []).map((record) => CONTAINERS.entryOf(engine, record, Date.now()).object);
  }
}

function imagesById(records: readonly ImageRecord[]): ReadonlyMap<string, ImageRecord> {
  const images = byId.get(records) ?? new Map(records.map((record) => [record.id, record]));
  byId.set(records, images);
  return images;
}
