import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';

/** What every resolver of one operation shares. Made once per HTTP request or per WebSocket connection. */
export interface GraphqlContext {
  readonly actor: Actor;
  readonly requestId: string;
  /** Aborted when the client went away. */
  readonly signal: AbortSignal;
  /** Only for operations over HTTP. */
  readonly http?: { request: FastifyRequest; reply: FastifyReply };
}
