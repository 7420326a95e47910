import type { KeptImage, ObjectRecord } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toImage } from './image.mapper.js';
import type { Image } from './image.model.js';

/** An image as it is kept in memory. */
export type ImageRecord = ObjectRecord<KeptImage>;

/** Images as lists show them, newest first; the id makes the order total. */
export const IMAGES = new ObjectCatalog<ImageRecord, Image>({
  toModel: (engine, { kept }) => toImage(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
