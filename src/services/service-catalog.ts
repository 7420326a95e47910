import type { ObjectRecord, ServiceDocument } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toService } from './service.mapper.js';
import type { Service } from './service.model.js';

export type ServiceRecord = ObjectRecord<ServiceDocument>;

/** Services as lists show them, newest first; the id makes the order total. */
export const SERVICES = new ObjectCatalog<ServiceRecord, Service>({
  toModel: (engine, { kept }) => toService(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
