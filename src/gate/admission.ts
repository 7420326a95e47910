import type { Actor } from '../common/actor.js';
import type { SecurityLevel } from '../common/security-level.js';
import type { EngineConnection, EngineRequest } from '../engine/engine-connection.js';
import type { Operation } from '../engine/operations/index.js';
import type { ContainerFacts } from './object-finder.js';
import type { Rights } from './rights.js';
import type { Target } from './targets.js';

/** What was decided about one call: it may go ahead, with this id and this body and no others. */
export interface Admission {
  readonly actor: Actor;
  readonly engine: string;
  readonly operation: Operation;
  readonly connection: EngineConnection;
  readonly rights: Rights;
  readonly target: Target | undefined;
  /** The images of a call that saves several; there is no one `target` then. */
  readonly several?: readonly Target[];
  /** As it is to be sent: names are replaced by the full ids that were decided on. */
  readonly request: EngineRequest;
  /** Up to which the actor reached the container that it enters: ENTERS_CONTAINER. */
  readonly level?: SecurityLevel;
  /** Names of volumes that there were not when it was decided, which the call makes: ContainerCreate, VolumeCreate. */
  readonly newVolumes?: readonly string[];
  /** The container in whose place a new one is made: ContainerCreate, where the actor may remove that one. */
  readonly replaces?: ContainerFacts;
}
