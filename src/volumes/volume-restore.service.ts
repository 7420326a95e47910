import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError, messageOf } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import type { VolumeArchive } from '../gate/volume-archive.js';
import { VolumeArchives } from '../gate/volume-archives.js';
import type { JobContext } from '../jobs/jobs.service.js';
import { CheckedArchive } from './checked-archive.js';
import { decompress } from './compression.js';
import { Meter } from './metered.js';
import { newVolume } from './new-volume.js';
import type { VolumePath } from './volume-paths.js';
import type { RestoreQuery } from './volume-transfer.inputs.js';
import type { VolumeRestoreResult } from './volume.model.js';
import { VolumesService } from './volumes.service.js';
import { wholeArchive } from './whole-archive.js';

/** What came of an archive that was unpacked. */
interface Filled {
  readonly entries: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** What is to be unpacked. */
export interface Upload {
  readonly archive: Readable;
  /** In bytes, where the client has told. */
  readonly size: number | undefined;
}

/** Puts archives into volumes, all or nothing. Nothing is held: what comes in goes out to the engine. */
@Injectable()
export class VolumeRestoreService {
  constructor(
    private readonly gate: Gate,
    private readonly archives: VolumeArchives,
    private readonly volumes: VolumesService,
  ) {}

  /**
   * @param signal ends it as long as the volume itself is untouched
   * @throws DomainError `invalid_input` for an archive that is none, damaged, or leads out of the volume; `conflict` where mode
   *   `new` finds a volume; `engine_error` that says where the content is, if a volume was emptied and could not be filled
   */
  async restore(
    { engine, name }: VolumePath,
    { mode = 'new', sha256, pause = false }: RestoreQuery,
    upload: Upload,
    job: Pick<JobContext, 'actor' | 'progress'>,
    signal: AbortSignal,
  ): Promise<VolumeRestoreResult> {
    const { actor } = job;
    const fill = (archive: VolumeArchive) => this.fill(archive, upload, sha256, job, signal);
    const filled =
      mode === 'new'
        ? await this.intoNew(actor, engine, name, fill)
        : await this.replace(actor, engine, name, pause, job, fill);
    const inUseBy = await this.volumes.runningWith(this.gate.as(actor).engine(engine), name);
    return { volume: name, ...filled, inUseBy };
  }

  private async intoNew(
    actor: Actor,
    engine: string,
    name: string,
    fill: (archive: VolumeArchive) => Promise<Filled>,
  ): Promise<Filled> {
    const archive = await newVolume(this.gate, this.archives, actor, engine, { name });
    try {
      const filled = await fill(archive);
      await archive.close();
      return filled;
    } catch (error) {
      await archive.close({ error, removesVolume: true });
      throw error;
    }
  }

  /** Unpacks beside the volume first; only what is whole and right takes the place of what is there. */
  private async replace(
    actor: Actor,
    engine: string,
    name: string,
    pause: boolean,
    job: Pick<JobContext, 'progress'>,
    fill: (archive: VolumeArchive) => Promise<Filled>,
  ): Promise<Filled> {
    const options = { writes: true, pauses: pause };
    const target = await this.archives.open(actor, engine, name, 'volumes:restore', options);
    try {
      const staged = await target.stage();
      let filled: Filled;
      let whole: VolumeArchive;
      try {
        filled = await fill(staged);
        whole = await staged.keep();
      } catch (error) {
        await staged.close({ error, removesVolume: true });
        throw error;
      }
      job.progress({ message: 'replacing the content of the volume' });
      await swap(whole, target);
      await whole.close({ removesVolume: true });
      await target.close();
      return filled;
    } catch (error) {
      await target.close({ error });
      throw error;
    }
  }

  private async fill(
    archive: VolumeArchive,
    { archive: source, size }: Upload,
    sha256: string | undefined,
    job: Pick<JobContext, 'progress'>,
    signal: AbortSignal,
  ): Promise<Filled> {
    job.progress({ total: size, message: 'unpacking' });
    const meter = new Meter((bytes) => {
      job.progress({ current: bytes });
    });
    const checked = new CheckedArchive(archive.level, 'volume');
    const content = new Noted(checked.pass(decompress(meter.pass(source as AsyncIterable<Buffer>))));
    const stream = Readable.from(content, { objectMode: false });
    try {
      await archive.write(undefined, stream, signal);
    } catch (error) {
      // What was wrong with the archive tells more than what became of the call that it came through.
      throw content.fault ?? error;
    } finally {
      stream.destroy();
    }
    if (sha256 !== undefined && meter.sha256 !== sha256.toLowerCase())
      throw new DomainError('invalid_input', `The archive has the SHA-256 ${meter.sha256}`, {
        errors: [{ field: 'sha256', message: `must be that of the archive: ${meter.sha256}` }],
      });
    return { entries: checked.entries, bytes: meter.bytes, sha256: meter.sha256 };
  }
}

/** From here on there is no turning back, and nothing that a client does ends it. */
async function swap(whole: VolumeArchive, target: VolumeArchive): Promise<void> {
  const { name } = target.volume;
  try {
    await target.empty();
    const files = (await whole.read('/', whole.ended, { rooted: true })) as AsyncIterable<Buffer>;
    await target.write(undefined, Readable.from(wholeArchive(files), { objectMode: false }), target.ended);
  } catch (error) {
    const kept = whole.volume.name;
    await whole.close({ error });
    throw new DomainError(
      'engine_error',
      `The volume ${name} is not whole. What was to be restored is whole in the volume ${kept}: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

/** Remembers what reading failed with. */
class Noted implements AsyncIterable<Buffer> {
  fault: unknown;

  constructor(private readonly source: AsyncIterable<Buffer>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* this.source;
    } catch (error) {
      this.fault = error;
      throw error;
    }
  }
}
