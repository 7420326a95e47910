import type { JobContext } from '../jobs/jobs.service.js';
import type { ProgressMessage } from './image-documents.js';

const STEP = /^Step (\d{1,5})\/(\d{1,5}) : (.*)$/;

/** What the engine says while it builds: steps, what they wrote, and the layers of base images that it pulls. */
export class BuildOutput {
  /** The id of the image; null until it is built. */
  imageId: string | null = null;
  private rest = '';

  constructor(private readonly job: Pick<JobContext, 'log' | 'progress'>) {}

  add({ stream, status, id, progressDetail, aux }: ProgressMessage): void {
    if (typeof stream === 'string') this.write(stream);
    if (typeof aux?.ID === 'string') this.imageId = aux.ID;
    if (typeof status !== 'string') return;
    const layer = typeof id === 'string' && id !== '' && !status.startsWith('Pulling from');
    if (!layer) {
      this.job.log(status);
      return;
    }
    const { current, total } = progressDetail ?? {};
    this.job.progress({
      parts: [{ id, message: status, current: current ?? undefined, total: total ?? undefined }],
    });
  }

  /** Tells of what has no end of line yet. */
  end(): void {
    if (this.rest !== '') this.line(this.rest);
    this.rest = '';
  }

  private write(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = (lines.pop() ?? '').slice(-MAX_LINE);
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    this.job.log(line);
    const [, step, steps, instruction] = STEP.exec(line) ?? [];
    if (step === undefined || steps === undefined) return;
    // Of the step that is begun, nothing is done yet.
    this.job.progress({ current: Number(step) - 1, total: Number(steps), message: instruction });
  }
}

/** A line that does not end is kept so long, its last part. */
const MAX_LINE = 64 * 1024;
