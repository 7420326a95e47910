import type { ObjectRecord, VolumeDocument } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toVolume } from './volume.mapper.js';
import type { Volume } from './volume.model.js';

export type VolumeRecord = ObjectRecord<VolumeDocument>;

/** Volumes as lists show them, newest first; the name makes the order total. */
export const VOLUMES = new ObjectCatalog<VolumeRecord, Volume>({
  toModel: (engine, { kept }) => toVolume(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
