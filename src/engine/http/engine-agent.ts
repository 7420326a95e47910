import { Agent, type ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import type { Dialer } from '../dial/dialer.js';

declare module 'http' {
  interface Agent {
    /** Node's own entry for a new request; undocumented, but what every agent library builds on. */
    addRequest(request: ClientRequest, options: object): void;
  }
}

export interface EngineAgentOptions {
  /** Connections at one time; further requests wait for one. */
  readonly maxSockets: number;
  /** Idle connections that are kept. */
  readonly maxFreeSockets: number;
  /** A connection could not be made, was lost, or was ended by the engine: the next one may find another engine. */
  readonly onConnectionLoss?: () => void;
}

/** Keeps connections to one engine, whatever the transport, and uses them again. */
export class EngineAgent extends Agent {
  readonly #dialer: Dialer;
  readonly #onConnectionLoss: (() => void) | undefined;

  constructor(dialer: Dialer, options: EngineAgentOptions) {
    const { maxSockets, maxFreeSockets } = options;
    super({ keepAlive: true, scheduling: 'lifo', maxSockets, maxFreeSockets });
    this.#dialer = dialer;
    this.#onConnectionLoss = options.onConnectionLoss;
  }

  override createConnection(): Duplex {
    const socket = this.#dialer.connect({ allowHalfOpen: false });
    if (this.#onConnectionLoss !== undefined) {
      socket.once('end', this.#onConnectionLoss);
      socket.once('error', this.#onConnectionLoss);
    }
    return socket;
  }

  override addRequest(request: ClientRequest, options: object): void {
    // docker-modem follows redirects on its own, to any host that Location names. Without one it has nowhere to go.
    request.prependListener('response', (response) => {
      delete response.headers.location;
    });
    super.addRequest(request, options);
  }

  /** Closes all connections; one that a request still gets is closed after it. */
  override destroy(): void {
    this.maxFreeSockets = 0;
    super.destroy();
  }

  /** docker-modem formats its options, this agent among them, for a debug line on each call, even when it prints none. */
  [inspect.custom](): string {
    return 'EngineAgent';
  }
}
