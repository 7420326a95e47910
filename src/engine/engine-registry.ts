import { DomainError, notFound } from '../common/errors.js';
import type { EngineAddress } from './engine-address.js';
import type { EngineConnection } from './engine-connection.js';
import type { EngineSsh } from './engine-ssh.js';
import type { EngineTls } from './engine-tls.js';
import { HttpEngineConnection } from './http-engine-connection.js';
import { UnusableConnection } from './unusable-connection.js';

/** An engine as it is set up: its name in Dockmaster, and how it is reached. */
export interface EngineDefinition {
  readonly name: string;
  readonly address: EngineAddress;
  /** For an address with TLS. */
  readonly tls?: EngineTls | undefined;
  /** For an address by ssh. */
  readonly ssh?: EngineSsh | undefined;
}

/** An engine that is known but can't be called, such as one whose key can't be decrypted. */
export interface UnusableEngine {
  readonly name: string;
  /** Shown to callers. */
  readonly unusable: string;
}

/** What happened to the engines that there are. One that is replaced is removed, then added. */
export interface RegistryChange {
  readonly kind: 'added' | 'removed';
  readonly name: string;
}

/** The engines there are, by name. No connection is made before the first call. */
export class EngineRegistry {
  readonly #connections = new Map<string, EngineConnection>();
  readonly #listeners: ((change: RegistryChange) => void)[] = [];

  /** @throws DomainError `invalid_input` when two engines have one name, or certificates cannot be used */
  constructor(engines: readonly EngineDefinition[]) {
    for (const definition of engines) this.add(definition);
  }

  /** @throws DomainError `not_found` */
  get(name: string): EngineConnection {
    const connection = this.#connections.get(name);
    if (connection === undefined) throw notFound('engine', name);
    return connection;
  }

  /** The connection by this name, where there is one. */
  find(name: string): EngineConnection | undefined {
    return this.#connections.get(name);
  }

  names(): string[] {
    return [...this.#connections.keys()];
  }

  /** Calls `listener` after each engine that comes, and before the connection of each that goes is closed. */
  onChange(listener: (change: RegistryChange) => void): void {
    this.#listeners.push(listener);
  }

  /** @throws DomainError `invalid_input` for a name that is taken, and for certificates and keys that cannot be used */
  add(definition: EngineDefinition | UnusableEngine): void {
    const { name } = definition;
    if (this.#connections.has(name))
      throw new DomainError('invalid_input', `There are two engines named "${name}".`);
    this.#connections.set(name, connectionTo(definition));
    this.#tell({ kind: 'added', name });
  }

  /** Calls to the engine and streams of it end with `engine_unavailable`. Nothing where there is no such engine. */
  async remove(name: string): Promise<void> {
    const connection = this.#connections.get(name);
    if (!connection) return;
    this.#connections.delete(name);
    this.#tell({ kind: 'removed', name });
    await connection.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map((connection) => connection.close()));
  }

  #tell(change: RegistryChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function connectionTo(definition: EngineDefinition | UnusableEngine): EngineConnection {
  if ('unusable' in definition) return new UnusableConnection(definition.name, definition.unusable);
  const { name, address, tls, ssh } = definition;
  return new HttpEngineConnection(name, address, { tls, ssh });
}
