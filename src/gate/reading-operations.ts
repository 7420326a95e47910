import type { OperationId } from '../engine/operations/index.js';
import { WATCHED_KIND_NAMES, type WatchedKindName } from '../state/watched-kinds.js';

type ByKind = Readonly<Record<WatchedKindName, OperationId>>;

/** The operations that list objects of each kind. */
export const LIST = {
  container: 'ContainerList',
  image: 'ImageList',
  network: 'NetworkList',
  volume: 'VolumeList',
  node: 'NodeList',
  service: 'ServiceList',
  task: 'TaskList',
  secret: 'SecretList',
  config: 'ConfigList',
} as const satisfies ByKind;

/** The operations that tell all of one object of each kind. */
export const INSPECT = {
  container: 'ContainerInspect',
  image: 'ImageInspect',
  network: 'NetworkInspect',
  volume: 'VolumeInspect',
  node: 'NodeInspect',
  service: 'ServiceInspect',
  task: 'TaskInspect',
  secret: 'SecretInspect',
  config: 'ConfigInspect',
} as const satisfies ByKind;

/** The kind that the operation lists; undefined for others. */
export function listedBy(id: OperationId): WatchedKindName | undefined {
  return WATCHED_KIND_NAMES.find((kind) => LIST[kind] === id);
}

/** The kind of object that the operation tells all of; undefined for others. */
export function inspectedBy(id: OperationId): WatchedKindName | undefined {
  return WATCHED_KIND_NAMES.find((kind) => INSPECT[kind] === id);
}
