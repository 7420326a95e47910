import type { Actor } from '../common/actor.js';
import type { Door } from '../common/request-context.js';

/** One request at the door: which engine's, who asks, and its path below the engine's root, as it came. */
export interface DoorVisit {
  readonly engine: string;
  /** The request target after `/docker/{engine}`, raw, with its query: `/v1.41/containers/json?all=1`. */
  readonly target: string;
  /** @throws DomainError `unauthenticated` */
  readonly actor: () => Promise<Actor>;
  /** The client's, as far as the proxies in between are trusted. */
  readonly address: string;
  /** How it is called in the audit trail. Default: `engine`. */
  readonly door?: Door;
}
