import type { Actor } from './actor.js';

/** What every resolver of one operation shares. Made once per HTTP request or per WebSocket connection. */
export interface GraphqlContext {
  readonly actor: Actor;
  readonly requestId: string;
  /** Aborted when the client went away. */
  readonly signal: AbortSignal;
}
