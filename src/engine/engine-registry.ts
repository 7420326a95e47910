import { DomainError, notFound } from '../common/errors.js';
import type { EngineAddress } from './engine-address.js';
import type { EngineConnection } from './engine-connection.js';
import type { EngineTls } from './engine-tls.js';
import { HttpEngineConnection } from './http-engine-connection.js';

/** An engine as it is set up: its name in Dockmaster, and how it is reached. */
export interface EngineDefinition {
  readonly name: string;
  readonly address: EngineAddress;
  /** For an address with TLS. */
  readonly tls?: EngineTls | undefined;
}

/** The engines there are, by name. No connection is made before the first call. */
export class EngineRegistry {
  readonly #connections: ReadonlyMap<string, EngineConnection>;

  /** @throws DomainError `invalid_input` when two engines have one name, or certificates cannot be used */
  constructor(engines: readonly EngineDefinition[]) {
    const connections = new Map<string, EngineConnection>();
    for (const { name, address, tls } of engines) {
      if (connections.has(name))
        throw new DomainError('invalid_input', `There are two engines named "${name}".`);
      connections.set(name, new HttpEngineConnection(name, address, { tls }));
    }
    this.#connections = connections;
  }

  /** @throws DomainError `not_found` */
  get(name: string): EngineConnection {
    const connection = this.#connections.get(name);
    if (connection === undefined) throw notFound('engine', name);
    return connection;
  }

  names(): string[] {
    return [...this.#connections.keys()];
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
  }
}
