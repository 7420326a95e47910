import type { ContainerRecord } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toContainer } from './container.mapper.js';
import type { Container } from './container.model.js';
import { statusLasts } from './container-status.js';

/** Containers as lists show them, newest first; the id makes the order total. A status text counts on by itself. */
export const CONTAINERS = new ObjectCatalog<ContainerRecord, Container>({
  toModel: (engine, { kept }, now) => toContainer(engine, kept, now),
  lasts: ({ kept }, now) => statusLasts(kept.State, now),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
