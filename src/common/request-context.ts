import { AsyncLocalStorage } from 'node:async_hooks';

/** The way in that a request took. Part of every audit record. */
export type Door = 'rest' | 'graphql' | 'engine' | 'socket' | 'certificate' | 'hook' | 'schedule' | 'system';

export interface RequestContext {
  readonly requestId: string;
  /** The peer's address, as the server trusts it. */
  readonly address: string;
  readonly door: Door;
  /** What the client calls itself, as it sent it. */
  readonly userAgent?: string | undefined;
  /** Aborted when the client went away before it had its answer. What only reads for it is given up then. */
  readonly signal?: AbortSignal;
}

const storage = new AsyncLocalStorage<RequestContext>();
const NONE: RequestContext = { requestId: '', address: '', door: 'system' };

/** Runs `work` so that everything it calls, also later and asynchronously, sees `context`. */
export function runInRequestContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** The request being served, or a `system` context where there is none (start, timers). */
export function requestContext(): RequestContext {
  return storage.getStore() ?? NONE;
}
