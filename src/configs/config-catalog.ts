import type { KeptConfig, ObjectRecord } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toConfig } from './config.mapper.js';
import type { Config } from './config.model.js';

export type ConfigRecord = ObjectRecord<KeptConfig>;

/** Configs as lists show them, newest first; the id makes the order total. */
export const CONFIGS = new ObjectCatalog<ConfigRecord, Config>({
  toModel: (engine, { kept }) => toConfig(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
