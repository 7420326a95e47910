import { Injectable } from '@nestjs/common';
import { DomainError, messageOf } from '../common/errors.js';
import { type EngineAddress, parseEngineAddress } from '../engine/engine-address.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { type EngineDefinition, EngineRegistry, type UnusableEngine } from '../engine/engine-registry.js';
import { assertUsableSsh, type EngineSsh } from '../engine/engine-ssh.js';
import { assertUsableTls, type EngineTls } from '../engine/engine-tls.js';
import { LOCAL_ENGINE } from '../engine/engine.module.js';
import { HttpEngineConnection } from '../engine/http-engine-connection.js';
import { type EngineHealth, EngineMonitor, type EngineTurn } from '../state/engine-monitor.js';

export { LOCAL_ENGINE } from '../engine/engine.module.js';
export { type KnownHost, parseKnownHosts, sshKeyFingerprint } from '../engine/engine-ssh.js';
export type { EngineAddress } from '../engine/engine-address.js';
export type { EngineDefinition, UnusableEngine } from '../engine/engine-registry.js';
export type { EngineSsh } from '../engine/engine-ssh.js';
export type { EngineTls } from '../engine/engine-tls.js';
export type { EngineHealth, EngineTurn } from '../state/engine-monitor.js';

/** How an engine is to be reached, as it is given. */
export interface EngineWish {
  readonly address: string;
  /** With it `tcp://` means TLS; empty trusts the system's authorities. */
  readonly tls?: EngineTls | undefined;
  readonly ssh?: EngineSsh | undefined;
}

/** What came of trying an engine. */
export interface EngineTrial {
  readonly reachable: boolean;
  readonly apiVersion: string | null;
  /** Of the engine itself. */
  readonly version: string | null;
  readonly operatingSystem: string | null;
  readonly architecture: string | null;
  /** From the first byte of a new connection to the answer to a ping; null where none came. */
  readonly latencyMs: number | null;
  readonly error: string | null;
}

const TRIAL_MS = 15_000;
const TRIAL_NAME = 'tried';

/**
 * Which engines there are, for the room that keeps them. It decides about no rights: whoever calls it has asked the gate
 * for the permission to, and writes it down there.
 */
@Injectable()
export class EngineSetup {
  constructor(
    private readonly engines: EngineRegistry,
    private readonly monitor: EngineMonitor,
  ) {}

  /** @throws DomainError `invalid_input` for an address that can't be read, and certificates and keys that can't be used */
  define(name: string, { address: text, tls, ssh }: EngineWish): EngineDefinition {
    const address = parseEngineAddress(text, { tls: tls !== undefined });
    if (tls && (address.transport !== 'tcp' || !address.tls))
      throw invalid('tls', 'is for addresses by tcp:// and https://');
    if (ssh && address.transport !== 'ssh') throw invalid('ssh', 'is for addresses by ssh://');
    if (tls && (tls.cert === undefined) !== (tls.key === undefined))
      throw invalid('tls', 'must have a certificate and its key, or neither');
    if (tls) assertUsable('tls', () => assertUsableTls(tls, 'these certificates'));
    if (ssh) assertUsableSsh(ssh);
    return { name, address, tls, ssh };
  }

  /** Connects, asks and closes, without keeping anything. Why it did not work is in the answer. */
  async try(definition: EngineDefinition, signal?: AbortSignal): Promise<EngineTrial> {
    const { address, tls, ssh } = definition;
    const connection = new HttpEngineConnection(TRIAL_NAME, address, { tls, ssh });
    try {
      return await trial(connection, signal);
    } finally {
      await connection.close();
    }
  }

  /** @throws DomainError `not_found` */
  tryConnected(name: string, signal?: AbortSignal): Promise<EngineTrial> {
    return trial(this.engines.get(name), signal);
  }

  names(): string[] {
    return this.engines.names();
  }

  /** @throws DomainError `invalid_input` for a name that is taken, and for what can't be used */
  connect(engine: EngineDefinition | UnusableEngine): void {
    this.engines.add(engine);
  }

  /** Ends what goes on with the engine, streams too. Never for the engine of the settings. */
  async disconnect(name: string): Promise<void> {
    if (name === LOCAL_ENGINE) throw new DomainError('internal', 'The engine of the settings stays');
    await this.engines.remove(name);
  }

  /** How the engine was when it was last asked. */
  health(name: string): EngineHealth {
    return this.monitor.health(name);
  }

  /** When the engine was found to have come and gone, the latest first. */
  turns(name: string): EngineTurn[] {
    return this.monitor.turns(name);
  }
}

async function trial(connection: EngineConnection, outer?: AbortSignal): Promise<EngineTrial> {
  const timeout = AbortSignal.timeout(TRIAL_MS);
  const signal = outer ? AbortSignal.any([outer, timeout]) : timeout;
  let latencyMs: number | null = null;
  let apiVersion: string | null = null;
  try {
    const began = performance.now();
    const ping = await connection.ping(signal);
    latencyMs = Math.round((performance.now() - began) * 10) / 10;
    apiVersion = ping.apiVersion === '' ? null : ping.apiVersion;
    const { body } = await connection.json<{ Version?: string; Os?: string; Arch?: string }>(
      'SystemVersion',
      { signal },
    );
    return {
      reachable: true,
      apiVersion,
      version: body.Version ?? null,
      operatingSystem: body.Os ?? null,
      architecture: body.Arch ?? null,
      latencyMs,
      error: null,
    };
  } catch (error) {
    outer?.throwIfAborted();
    const late = timeout.aborted ? `It did not answer within ${TRIAL_MS / 1_000} s.` : undefined;
    return {
      reachable: false,
      apiVersion,
      version: null,
      operatingSystem: null,
      architecture: null,
      latencyMs,
      error: late ?? messageOf(error).replace(`Engine "${TRIAL_NAME}"`, 'The engine'),
    };
  }
}

function assertUsable(field: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw invalid(field, messageOf(error), error);
  }
}

function invalid(field: string, message: string, cause?: unknown): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }], cause });
}

/** Whether what is sent to the engine can be read on the way. */
export function isPlain(address: EngineAddress): boolean {
  return address.transport === 'tcp' && !address.tls;
}
