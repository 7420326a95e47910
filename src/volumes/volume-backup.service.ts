import { finished, Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Actor } from '../common/actor.js';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { Gate } from '../gate/gate.js';
import { VolumeArchives } from '../gate/volume-archives.js';
import { compress } from './compression.js';
import { Meter } from './metered.js';
import type { VolumePath } from './volume-paths.js';
import type { BackupQuery } from './volume-transfer.inputs.js';
import { VolumesService } from './volumes.service.js';
import { wholeArchive } from './whole-archive.js';

export interface VolumeBackup {
  /** The archive, perhaps compressed. It fails, and never just ends, where it is not whole. */
  readonly content: Readable;
  /** SHA-256 of the content, once it has ended. */
  readonly sha256: () => string;
  /** Names of the containers that run with the volume, as far as the actor may see. */
  readonly inUseBy: readonly string[];
}

/** Backups of volumes: an archive that streams from the engine to the client and is never held. */
@Injectable()
export class VolumeBackupService {
  constructor(
    private readonly gate: Gate,
    private readonly archives: VolumeArchives,
    private readonly volumes: VolumesService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async backup(
    actor: Actor,
    { engine, name }: VolumePath,
    { compression = 'none', pause = false }: BackupQuery,
    signal: AbortSignal,
  ): Promise<VolumeBackup> {
    const archive = await this.archives.open(actor, engine, name, 'volumes:backup', { pauses: pause });
    try {
      const inUseBy = await this.volumes.runningWith(this.gate.as(actor).engine(engine), name);
      const files = (await archive.read('/', signal)) as AsyncIterable<Buffer>;
      const meter = new Meter();
      const packed = compress(Readable.from(wholeArchive(files), { objectMode: false }), compression);
      const content = Readable.from(meter.pass(packed as AsyncIterable<Buffer>), { objectMode: false });
      finished(content, (error) => {
        packed.destroy();
        archive.close(error ? { error: archive.ended.reason ?? error } : {}).catch((left: unknown) => {
          this.logger.warn({ engine, volume: name }, `could not end a backup: ${messageOf(left)}`);
        });
      });
      return { content, sha256: () => meter.sha256, inUseBy };
    } catch (error) {
      await archive.close({ error });
      throw error;
    }
  }
}
