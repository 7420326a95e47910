import type { KeptNetwork, ObjectRecord } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toNetwork } from './network.mapper.js';
import type { Network } from './network.model.js';

export type NetworkRecord = ObjectRecord<KeptNetwork>;

/** Networks as lists show them, newest first; the id makes the order total. */
export const NETWORKS = new ObjectCatalog<NetworkRecord, Network>({
  toModel: (engine, { kept }) => toNetwork(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
