import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError, notFound } from '../common/errors.js';
import type { Permission } from '../common/permissions.js';
import type { SecurityLevel } from '../common/security-level.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { EngineRegistry } from '../engine/engine-registry.js';
import { operation } from '../engine/operations/index.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import { orNone } from '../state/listed.js';
import { Admissions } from './admissions.js';
import { Authoriser } from './authoriser.js';
import { EngineFacts } from './engine-facts.js';
import { LiveAccess } from './live-access.js';
import { judge } from './policy/evaluate.js';
import { normaliseCreate } from './policy/normalise-container.js';
import { policyContext } from './policy/policy-lookups.js';
import { type OpenRecord, Recorder } from './recorder.js';
import type { Rights } from './rights.js';
import type { ArchivedVolume } from './volume-archive.js';

/** What the files of a volume are reached for. */
export type VolumePurpose = Extract<Permission, 'volumes:browse' | 'volumes:backup' | 'volumes:restore'>;

/** What was decided about the files of one volume. */
export interface VolumeAdmission {
  readonly actor: Actor;
  readonly engine: string;
  readonly connection: EngineConnection;
  readonly rights: Rights;
  readonly volume: ArchivedVolume;
  readonly level: SecurityLevel;
}

interface VolumeDocument {
  readonly Name: string;
  readonly Driver: string;
  readonly Labels?: Record<string, string> | null;
  readonly Options?: Record<string, string> | null;
  readonly ClusterVolume?: object | null;
}

/** Decides who may reach the files of which volume: by permission on the volume itself, and by what it mounts. */
@Injectable()
export class VolumeAccess {
  constructor(
    private readonly engines: EngineRegistry,
    private readonly admissions: Admissions,
    private readonly authoriser: Authoriser,
    private readonly facts: EngineFacts,
    private readonly recorder: Recorder,
    private readonly liveAccess: LiveAccess,
    private readonly authentication: AuthenticationService,
  ) {}

  /** @throws as `VolumeArchives.open`; refusals are recorded */
  async admit(actor: Actor, engine: string, name: string, purpose: VolumePurpose): Promise<VolumeAdmission> {
    try {
      const rights = await this.admissions.rightsOn(actor, engine);
      if (!rights.mayEver(purpose)) throw forbidden(purpose);
      const connection = this.engines.get(engine);
      const document = await inspect(connection, name);
      if (!document) throw notFound('volume', name);
      const volume = toVolume(document);
      const object = this.authoriser.existing(actor, engine, 'volume', volume.name, volume.labels);
      const level = await rights.level(purpose, object);
      if (level === undefined)
        throw (await rights.may('volumes:get', object)) ? forbidden(purpose) : notFound('volume', name);
      if (document.ClusterVolume)
        throw new DomainError('not_supported', 'Files of cluster volumes can be reached by a service only');
      const admission = { actor, engine, connection, rights, volume, level };
      await this.judge(admission);
      return admission;
    } catch (error) {
      if (error instanceof DomainError && ['forbidden', 'policy_violation', 'not_found'].includes(error.kind))
        await this.recorder.refusal(subject(actor, engine, name, purpose), error);
      throw error;
    }
  }

  record({ actor, engine, volume }: VolumeAdmission, purpose: VolumePurpose): Promise<OpenRecord> {
    return this.recorder.change(subject(actor, engine, volume.name, purpose));
  }

  /** Records what was refused after `admit`; what merely failed is none. */
  async recordRefusal(
    { actor, engine, volume }: VolumeAdmission,
    purpose: VolumePurpose,
    error: unknown,
  ): Promise<void> {
    if (error instanceof DomainError && error.kind === 'forbidden')
      await this.recorder.refusal(subject(actor, engine, volume.name, purpose), error);
  }

  /** A signal that is aborted once `check` fails. */
  watch(check: () => Promise<void>, ended: AbortSignal): AbortSignal {
    return this.liveAccess.watch(check, ended);
  }

  /** @throws DomainError once the right that `volume` was opened by is gone */
  async recheck(actor: Actor, engine: string, volume: ArchivedVolume, purpose: VolumePurpose): Promise<void> {
    await this.authentication.requireLive(actor);
    const rights = await this.admissions.rightsOn(actor, engine);
    const object = this.authoriser.existing(actor, engine, 'volume', volume.name, volume.labels);
    if (!(await rights.may(purpose, object))) throw forbidden(purpose);
  }

  /** @throws DomainError `conflict` where another volume, with which it would be decided otherwise, took its name meanwhile */
  async requireSame(connection: EngineConnection, volume: ArchivedVolume): Promise<void> {
    const document = await inspect(connection, volume.name);
    // Not by when it was made: engines before 23 tell of the time that its files last changed.
    if (document && decidedBy(toVolume(document)) === decidedBy(volume)) return;
    throw new DomainError('conflict', `The volume ${volume.name} was removed, or made anew, meanwhile`);
  }

  /** Having the files of a volume is having what it mounts, as in a container of one's own. */
  private async judge({ actor, engine, connection, rights, volume, level }: VolumeAdmission): Promise<void> {
    if (level === 'privileged') return; // allows everything: nothing to look up
    const spec = normaliseCreate({
      Image: 'none',
      HostConfig: { Mounts: [{ Type: 'volume', Source: volume.name, Target: '/volume' }] },
    });
    const admission = {
      actor,
      engine,
      operation: operation('VolumeInspect'),
      connection,
      rights,
      target: undefined,
      request: {},
    };
    await judge(spec, level, policyContext(await this.facts.lookups(admission)), 'volume');
  }
}

function subject(actor: Actor, engine: string, name: string, purpose: VolumePurpose) {
  return { actor, engine, operation: purpose, target: { kind: 'volume', id: name, name } };
}

function forbidden(permission: string): DomainError {
  return new DomainError('forbidden', `You need the permission ${permission}`);
}

function inspect(connection: EngineConnection, name: string): Promise<VolumeDocument | undefined> {
  return orNone(connection.json<VolumeDocument>('VolumeInspect', { params: { name } }));
}

function toVolume({ Name, Driver, Labels, Options }: VolumeDocument): ArchivedVolume {
  return { name: Name, driver: Driver, options: Options ?? {}, labels: Labels ?? {} };
}

function decidedBy({ driver, options, labels }: ArchivedVolume): string {
  const sorted = (map: Readonly<Record<string, string>>) =>
    Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([driver, sorted(options), sorted(labels)]);
}
