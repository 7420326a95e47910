import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { DomainError, notFound } from '../common/errors.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { isUniqueViolation } from '../database/constraints.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { EngineSetup, type EngineWish, LOCAL_ENGINE, sshKeyFingerprint } from '../gate/engine-setup.js';
import { Gate } from '../gate/gate.js';
import { certificatesIn } from './engine-certificates.js';
import { EngineDirectory } from './engine-directory.js';
import type { CreateEngineInput, TestEngineInput, UpdateEngineInput } from './engine.inputs.js';
import { EngineKeys } from './engine-keys.js';
import { toEngine } from './engine-connection.mapper.js';
import type { Engine, EngineTestResult } from './engine.model.js';
import { EngineStore, type StoredEngine } from './engine-store.js';
import { engineWarnings } from './engine-warnings.js';

/** An engine that is about to be stored, with what is sealed still open. */
type Draft = Omit<StoredEngine, 'revision' | 'sealedKey'>;

/** Adds, tries, changes and removes engines, for who may on all engines. */
@Injectable()
export class EngineManagementService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly gate: Gate,
    private readonly store: EngineStore,
    private readonly keys: EngineKeys,
    private readonly directory: EngineDirectory,
    private readonly setup: EngineSetup,
  ) {}

  /**
   * Connects without storing anything.
   * @throws DomainError `forbidden` without `engines:create`; `invalid_input`
   */
  async test(actor: Actor, input: TestEngineInput, signal?: AbortSignal): Promise<EngineTestResult> {
    await this.gate.as(actor).require('engines:create');
    const wish = toWish(input);
    const result = await this.setup.try(this.define('tried', wish), signal);
    return { ...result, warnings: engineWarnings(openParts(wish)) };
  }

  /** @throws DomainError `forbidden` without `engines:create`; `conflict` for a name that is taken; `invalid_input` */
  async create(actor: Actor, input: CreateEngineInput, { dryRun }: DryRunQuery): Promise<Engine> {
    const gate = this.gate.as(actor);
    await gate.require('engines:create');
    const { name, description = '' } = input;
    if (name === LOCAL_ENGINE) throw nameTaken(name);
    const wish = toWish(input);
    this.define(name, wish);
    const now = Date.now();
    const draft = { id: uuidV7(now), name, description, ...openParts(wish), createdAt: now, updatedAt: now };
    const target = { kind: 'engine', name };
    await changeOrDryRun(gate, { dryRun, operation: 'engines:create', target }, () =>
      inTransaction(this.db.transaction(), { dryRun: dryRun === true }, async (transaction) => {
        try {
          await this.store.insert(this.sealed(draft, keyOf(wish)), transaction);
        } catch (error) {
          if (isUniqueViolation(error)) throw nameTaken(name);
          throw error;
        }
      }),
    );
    if (dryRun !== true) await this.directory.refresh();
    return toEngine(this.setup.health(name), draft, { showConnection: true });
  }

  /**
   * What goes on with the engine ends where how it is reached has changed.
   * @throws DomainError `forbidden` without `engines:update`; `not_found`; `conflict` for the one of DOCKER_HOST;
   *   `invalid_input`
   */
  async update(actor: Actor, name: string, input: UpdateEngineInput): Promise<Engine> {
    const gate = this.gate.as(actor);
    await gate.require('engines:update');
    const known = await this.changeable(name);
    const wish = changed(this.keys.wish(known), input);
    this.define(name, wish);
    const draft = {
      ...known,
      description: input.description ?? known.description,
      ...openParts(wish),
      updatedAt: Date.now(),
    };
    await gate.change('engines:update', { kind: 'engine', id: known.id, name }, async () => {
      const found = await this.db
        .transaction()
        .execute((transaction) => this.store.update(this.sealed(draft, keyOf(wish)), transaction));
      if (!found) throw notFound('engine', name);
    });
    await this.directory.refresh();
    return toEngine(this.setup.health(name), draft, { showConnection: true });
  }

  /**
   * Streams and terminals on the engine end. The engine itself is left as it is.
   * @throws DomainError `forbidden` without `engines:delete`; `not_found`; `conflict` for the one of DOCKER_HOST
   */
  async delete(actor: Actor, name: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('engines:delete');
    const known = await this.changeable(name);
    await gate.change('engines:delete', { kind: 'engine', id: known.id, name }, async () => {
      const found = await this.db
        .transaction()
        .execute((transaction) => this.store.remove(known, transaction));
      if (!found) throw notFound('engine', name);
    });
    await this.directory.refresh();
  }

  private async changeable(name: string): Promise<StoredEngine> {
    if (name === LOCAL_ENGINE)
      throw new DomainError(
        'conflict',
        `The engine "${name}" is the one that DOCKER_HOST names: set it there`,
      );
    return this.store.get(name);
  }

  /** @throws DomainError `invalid_input` for what could not be connected */
  private define(name: string, wish: EngineWish) {
    const { tls } = wish;
    if (tls?.ca !== undefined) certificatesIn(tls.ca, 'tls.ca');
    if (tls?.cert !== undefined) certificatesIn(tls.cert, 'tls.certificate');
    return this.setup.define(name, wish);
  }

  private sealed(draft: Draft, key: string | undefined): Omit<StoredEngine, 'revision'> {
    return { ...draft, sealedKey: this.keys.seal(draft.id, key) };
  }
}

function toWish({ address, tls, ssh }: TestEngineInput): EngineWish {
  return {
    address,
    ...(tls ? { tls: withoutGaps({ ca: tls.ca, cert: tls.certificate, key: tls.key }) } : {}),
    ...(ssh ? { ssh: withoutGaps({ key: ssh.key, knownHosts: ssh.knownHosts }) } : {}),
  };
}

/** What belongs to the old transport goes with it. */
function changed(known: EngineWish, input: UpdateEngineInput): EngineWish {
  const address = input.address ?? known.address;
  const { tls, ssh } = toWish({ ...input, address });
  return {
    address,
    tls: tls ?? (/^(tcp|https):/.test(address) ? known.tls : undefined),
    ssh: ssh ?? (address.startsWith('ssh:') ? known.ssh : undefined),
  };
}

function keyOf({ tls, ssh }: EngineWish): string | undefined {
  return tls?.key ?? ssh?.key;
}

/** All but the private key; of an ssh key its fingerprint. */
function openParts({ address, tls, ssh }: EngineWish): Pick<StoredEngine, 'address' | 'tls' | 'ssh'> {
  return {
    address,
    tls: tls && { ca: tls.ca, cert: tls.cert },
    ssh: ssh && {
      knownHosts: ssh.knownHosts,
      keyFingerprint: ssh.key === undefined ? undefined : sshKeyFingerprint(ssh.key),
    },
  };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutGaps<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}

function nameTaken(name: string): DomainError {
  return new DomainError('conflict', `There is an engine named "${name}"`);
}
