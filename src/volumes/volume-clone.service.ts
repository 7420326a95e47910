import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Gate } from '../gate/gate.js';
import { VolumeArchives } from '../gate/volume-archives.js';
import { JobsService, type JobContext } from '../jobs/jobs.service.js';
import { RESERVED_LABELS } from '../common/reserved-labels.js';
import type { Actor } from '../common/actor.js';
import type { Job } from '../jobs/job.model.js';
import { newVolume } from './new-volume.js';
import type { VolumePath } from './volume-paths.js';
import type { CloneVolumeInput } from './volume.inputs.js';
import { wholeArchive } from './whole-archive.js';

/** Copies volumes within an engine: from one helper to the other, through us and not held. */
@Injectable()
export class VolumeCloneService {
  constructor(
    private readonly gate: Gate,
    private readonly archives: VolumeArchives,
    private readonly jobs: JobsService,
  ) {}

  /** Refuses at once what can be refused at once. */
  async clone(actor: Actor, path: VolumePath, input: CloneVolumeInput): Promise<Job> {
    const handle = this.gate.as(actor).engine(path.engine);
    await handle.requireEver('VolumeCreate');
    const { document } = await handle.object('volume', path.name);
    const target = { kind: 'volume', id: document.Name, name: document.Name };
    return this.jobs.start(actor, { kind: 'volumeClone', engine: path.engine, target }, (job) =>
      this.copy({ engine: path.engine, name: document.Name }, input, job),
    );
  }

  private async copy(
    { engine, name }: VolumePath,
    { name: newName, labels, pause = false }: CloneVolumeInput,
    job: JobContext,
  ): Promise<{ volume: string; bytes: number }> {
    const source = await this.archives.open(job.actor, engine, name, 'volumes:backup', { pauses: pause });
    try {
      const target = await newVolume(this.gate, this.archives, job.actor, engine, {
        name: newName,
        labels: labels ?? withoutReserved(source.volume.labels),
      });
      let bytes = 0;
      try {
        job.progress({ message: 'copying' });
        const files = (await source.read('/', job.signal, { rooted: true })) as AsyncIterable<Buffer>;
        const counted = counting(wholeArchive(files), (more) => {
          bytes += more;
          job.progress({ current: bytes });
        });
        await target.write(undefined, Readable.from(counted, { objectMode: false }), job.signal);
      } catch (error) {
        await target.close({ error, removesVolume: true });
        throw error;
      }
      await target.close();
      await source.close();
      return { volume: newName, bytes };
    } catch (error) {
      await source.close({ error });
      throw error;
    }
  }
}

async function* counting(
  source: AsyncIterable<Buffer>,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const part of source) {
    count(part.length);
    yield part;
  }
}

function withoutReserved(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !key.toLowerCase().startsWith(RESERVED_LABELS)),
  );
}
