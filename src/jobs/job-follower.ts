import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DomainError, notFound } from '../common/errors.js';
import { hasEnded } from './job-kinds.js';
import { toJob } from './job-row.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import type { Job } from './job.model.js';
import type { RunningJob } from './running-job.js';

const MAX_FOLLOWERS = 500;
/** A job of this process is shown to a follower at most so often. */
const SHOW_EVERY_MS = 200;
/** How often the row of a job of another process is looked at. */
const LOOK_EVERY_MS = 1_000;

/**
 * Shows jobs to followers: first as it is, then each time it has changed, and last with its outcome. A follower that is slow
 * gets the newest only: nothing is kept for it.
 */
@Injectable()
export class JobFollower implements OnModuleDestroy {
  private followers = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly store: JobStore,
    private readonly runner: JobRunner,
  ) {}

  /**
   * @param signal ends it; to be aborted also where nobody reads what this answers with
   * @throws DomainError `too_many_requests` while there are too many followers
   */
  open(id: string, signal: AbortSignal): AsyncIterable<Job> {
    if (this.followers >= MAX_FOLLOWERS)
      throw new DomainError('too_many_requests', `${MAX_FOLLOWERS} others follow jobs already`);
    this.followers++;
    const left = new AbortController();
    left.signal.addEventListener('abort', () => this.followers--, { once: true });
    const leave = () => left.abort();
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    const job = this.runner.find(id);
    return until(job ? here(job, signal) : this.elsewhere(id, signal), () => {
      signal.removeEventListener('abort', leave);
      leave();
    });
  }

  onModuleDestroy(): void {
    this.stopping.abort(new DomainError('unavailable', 'Dockmaster is shutting down'));
  }

  private async *elsewhere(id: string, signal: AbortSignal): AsyncGenerator<Job> {
    const over = AbortSignal.any([signal, this.stopping.signal]);
    let seen: number | undefined;
    while (!signal.aborted) {
      this.stopping.signal.throwIfAborted();
      const row = await this.store.find(id);
      if (!row) throw notFound('job', id);
      if (row.revision !== seen) {
        seen = row.revision;
        yield toJob(row);
      }
      if (hasEnded(row.state)) return;
      await pause(LOOK_EVERY_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
    }
  }
}

async function* here(job: RunningJob, signal: AbortSignal): AsyncGenerator<Job> {
  while (!signal.aborted) {
    const shown = job.asJob();
    yield shown;
    if (hasEnded(shown.state)) return;
    await pause(SHOW_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    await job.change(shown, signal);
  }
}

async function* until<T>(source: AsyncIterable<T>, end: () => void): AsyncGenerator<T> {
  try {
    yield* source;
  } finally {
    end();
  }
}
