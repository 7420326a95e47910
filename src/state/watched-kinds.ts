import { WATCHED_CONTAINERS } from './watched-containers.js';
import { WATCHED_IMAGES } from './watched-images.js';
import type { WatchedKind } from './watched-kind.js';
import { WATCHED_NETWORKS } from './watched-networks.js';
import {
  WATCHED_CONFIGS,
  WATCHED_NODES,
  WATCHED_SECRETS,
  WATCHED_SERVICES,
  WATCHED_TASKS,
} from './watched-swarm.js';
import { WATCHED_VOLUMES } from './watched-volumes.js';

/** The kinds of objects that are followed. Another kind is another row. */
export const WATCHED_KINDS = {
  container: WATCHED_CONTAINERS,
  image: WATCHED_IMAGES,
  network: WATCHED_NETWORKS,
  volume: WATCHED_VOLUMES,
  node: WATCHED_NODES,
  service: WATCHED_SERVICES,
  task: WATCHED_TASKS,
  secret: WATCHED_SECRETS,
  config: WATCHED_CONFIGS,
} as const;

export type WatchedKindName = keyof typeof WATCHED_KINDS;

export const WATCHED_KIND_NAMES = Object.keys(WATCHED_KINDS) as readonly WatchedKindName[];

type Row<Name extends WatchedKindName> = (typeof WATCHED_KINDS)[Name];

/** What is kept of each object of a kind. */
export type KeptOf<Name extends WatchedKindName> = ReturnType<Row<Name>['toRecord']>['kept'];

/** The engine's whole document of an object of a kind. */
export type DocumentOf<Name extends WatchedKindName> = Parameters<Row<Name>['toRecord']>[0];

/** The row of a kind, by its name. */
export function watchedKind<Name extends WatchedKindName>(
  name: Name,
): WatchedKind<KeptOf<Name>, DocumentOf<Name>> {
  // A row is what its name says; the compiler cannot follow that through the union of all rows.
  return WATCHED_KINDS[name];
}
