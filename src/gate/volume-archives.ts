import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { OwnershipService } from '../access/ownership.service.js';
import type { Actor } from '../common/actor.js';
import { DomainError, messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { ROLE_LABEL } from '../common/reserved-labels.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { OpenStreams } from './open-streams.js';
import { VolumeAccess, type VolumeAdmission, type VolumePurpose } from './volume-access.js';
import { type ArchivedVolume, VolumeArchive } from './volume-archive.js';
import { makeHelper, removeHelper } from './volume-helper.js';
import { PausedContainers } from './paused-containers.js';
import { VolumeHelperSweep } from './volume-helper-sweep.js';

export type { VolumePurpose } from './volume-access.js';

/** How long a session may go on. Helpers older than this are nobody's. */
export const LONGEST_SESSION_MS = 24 * 60 * 60 * 1_000;

export interface OpenOptions {
  /** Whether to write. Reading mounts the volume read-only. */
  readonly writes?: boolean;
  /** Whether the volume is worth nothing unless the session ends well: it is removed where Dockmaster dies meanwhile. */
  readonly discards?: boolean;
  /** Whether to pause the containers that run with the volume, as long as the session lasts. */
  readonly pauses?: boolean;
}

/**
 * The way to the files of volumes: sessions on one volume for an actor that holds the permission for it, by a container that
 * is never started. Authorised, judged by the policy of the security levels, recorded, and cleaned up after.
 */
@Injectable()
export class VolumeArchives implements OnApplicationBootstrap {
  constructor(
    private readonly access: VolumeAccess,
    private readonly containers: PausedContainers,
    private readonly ownership: OwnershipService,
    private readonly sweep: VolumeHelperSweep,
    private readonly streams: OpenStreams,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.sweep.start();
  }

  /**
   * @throws DomainError `not_found` for a volume that there is not, or that the actor may not see; `forbidden` where it may not
   *   do this with it; `policy_violation` for one that mounts what its level does not allow; `conflict` where another writes to
   *   it; `not_supported` for cluster volumes; `too_many_requests` for who has as much open on engines as may be
   */
  async open(
    actor: Actor,
    engine: string,
    name: string,
    purpose: VolumePurpose,
    { writes = false, discards = false, pauses = false }: OpenOptions = {},
  ): Promise<VolumeArchive> {
    const admission = await this.access.admit(actor, engine, name, purpose);
    const users = pauses ? await this.toPause(admission, purpose) : [];
    const release = this.streams.begin(actor);
    try {
      return await this.opened(actor, admission, purpose, { writes, discards, pauses: users }, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** @param closed called when the session is over */
  private async opened(
    actor: Actor,
    admission: VolumeAdmission,
    purpose: VolumePurpose,
    how: { writes: boolean; discards: boolean; pauses: readonly string[] },
    closed: () => void,
  ): Promise<VolumeArchive> {
    // Reading files one by one is recorded no more than reading a container's.
    const record =
      purpose === 'volumes:browse' && !how.writes ? undefined : await this.access.record(admission, purpose);
    try {
      return await this.session(
        admission,
        how,
        async ({ error }) => {
          closed();
          if (error === undefined) await record?.succeeded();
          else await record?.failed(error);
        },
        () => this.access.recheck(actor, admission.engine, admission.volume, purpose),
      );
    } catch (error) {
      await record?.failed(error);
      throw error;
    }
  }

  private async toPause(admission: VolumeAdmission, purpose: VolumePurpose): Promise<string[]> {
    try {
      return await this.containers.toPause(admission);
    } catch (error) {
      await this.access.recordRefusal(admission, purpose, error);
      throw error;
    }
  }

  private async session(
    admission: VolumeAdmission,
    { writes, discards, pauses }: { writes: boolean; discards: boolean; pauses: readonly string[] },
    recorded: (outcome: { error?: unknown }) => Promise<void>,
    recheck: () => Promise<void>,
  ): Promise<VolumeArchive> {
    const { engine, connection, volume, level } = admission;
    const session = randomUUID();
    const over = new AbortController();
    this.sweep.begin(session);
    const wish = { volume: volume.name, session, writes, discards, pauses };
    let helper: string | undefined;
    const giveBack = async (removesVolume: boolean) => {
      over.abort();
      try {
        await this.containers.resume(connection, pauses);
      } finally {
        if (helper !== undefined) await removeHelper(connection, helper);
        this.sweep.end(session);
      }
      if (removesVolume) await this.removeVolume(connection, engine, volume.name);
    };
    try {
      helper = await makeHelper(connection, { ...wish, instance: await this.sweep.instance() });
      // From now on the volume can't be removed: is it still the one that was decided on?
      await this.access.requireSame(connection, volume);
      await recheck();
      await this.containers.pause(connection, pauses);
      const withdrawn = this.access.watch(recheck, over.signal);
      const tooLong = new AbortController();
      const timer = setTimeout(() => {
        tooLong.abort(new DomainError('engine_timeout', 'It took longer than a day'));
      }, LONGEST_SESSION_MS).unref();
      over.signal.addEventListener('abort', () => {
        clearTimeout(timer);
      });
      return new VolumeArchive({
        connection,
        helper,
        volume,
        level,
        paused: pauses,
        ended: AbortSignal.any([withdrawn, tooLong.signal]),
        close: async ({ error, removesVolume }) => {
          try {
            await giveBack(removesVolume);
          } catch (left) {
            this.logger.warn({ engine, volume: volume.name }, `a volume helper is left: ${messageOf(left)}`);
            await recorded({ error: error ?? left });
            throw left;
          }
          await recorded({ error });
        },
        stage: () => this.stage(admission, recheck),
        again: () =>
          this.session(
            admission,
            { writes: false, discards: false, pauses: [] },
            () => Promise.resolve(),
            recheck,
          ),
      });
    } catch (error) {
      await giveBack(false).catch((left: unknown) => {
        this.logger.warn({ engine, volume: volume.name }, `a volume helper is left: ${messageOf(left)}`);
      });
      throw error;
    }
  }

  private async stage(admission: VolumeAdmission, recheck: () => Promise<void>): Promise<VolumeArchive> {
    const { connection, volume } = admission;
    const labels = { [ROLE_LABEL]: 'volume-staging', 'io.dockmaster.staging-for': volume.name };
    const { body } = await connection.json<{ Name: string }>('VolumeCreate', {
      body: { Name: `dockmaster-staging-${randomUUID()}`, Driver: 'local', Labels: labels },
    });
    const staged: ArchivedVolume = { name: body.Name, driver: 'local', options: {}, labels };
    return this.session(
      { ...admission, volume: staged },
      { writes: true, discards: true, pauses: [] },
      () => Promise.resolve(),
      recheck,
    );
  }

  private async removeVolume(connection: EngineConnection, engine: string, name: string): Promise<void> {
    try {
      await connection.json('VolumeDelete', { params: { name } });
    } catch (error) {
      if (!(error instanceof DomainError && error.kind === 'not_found')) throw error;
    }
    await this.ownership.forget(engine, 'volume', name);
  }
}
