import type { ObjectRecord, SecretDocument } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toSecret } from './secret.mapper.js';
import type { Secret } from './secret.model.js';

export type SecretRecord = ObjectRecord<SecretDocument>;

/** Secrets as lists show them, newest first; the id makes the order total. */
export const SECRETS = new ObjectCatalog<SecretRecord, Secret>({
  toModel: (engine, { kept }) => toSecret(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
