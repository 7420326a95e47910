import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, messageOf } from '../common/errors.js';
import { requestContext, runInRequestContext } from '../common/request-context.js';
import { uuidV7 } from '../common/uuid-v7.js';
import { Settings } from '../config/settings.js';
import { failure, INTERRUPTED_JOB, success, type WorkOutcome } from './job-outcome.js';
import { JobSlots } from './job-slots.js';
import { JobStore } from './job-store.js';
import type { JobSpec, JobWork } from './job-work.js';
import { RunningJob } from './running-job.js';

/** The progress of a job is written down at most so often. */
const SAVE_EVERY_MS = 2_000;
const RETRY_MS = 1_000;
/** How long a stop waits for work that was told to end. */
const MAX_GRACE_MS = 5_000;

/** Does the work of the jobs of this process: a few at a time, the others wait in turn. */
@Injectable()
export class JobRunner implements OnModuleDestroy {
  private readonly logger = new Logger('Jobs');
  private readonly jobs = new Map<string, RunningJob>();
  private readonly slots = new JobSlots<RunningJob>((job) => this.run(job));
  private readonly saving = new Map<RunningJob, NodeJS.Timeout>();
  private isStopping = false;
  /** Aborted when nothing is waited for any more. */
  private readonly over = new AbortController();

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /**
   * Writes a job down, and then has its work done as soon as there is room.
   *
   * @throws DomainError `too_many_requests` while too many wait; `unavailable` while the program stops or the database is away
   */
  async start(actor: Actor, spec: JobSpec, work: JobWork<object | null>): Promise<RunningJob> {
    if (this.isStopping) throw stopped();
    const now = this.clock.now();
    // Not its signal: the work goes on where the client has left.
    const { requestId, address, door, userAgent } = requestContext();
    const context = { requestId, address, door, userAgent };
    const job: RunningJob = new RunningJob(uuidV7(now), actor, spec, now, context, work, () =>
      this.saveSoon(job),
    );
    const place = this.slots.reserve(job.creator);
    try {
      await this.store.insert(job.row(), job.news());
    } catch (error) {
      place.giveUp();
      throw error;
    }
    this.jobs.set(job.id, job);
    if (!this.hasStopped()) {
      place.enter(job);
      return job;
    }
    place.giveUp();
    await this.settle(job, INTERRUPTED_JOB);
    throw stopped();
  }

  /** A job of this process that has not ended. */
  find(id: string): RunningJob | undefined {
    return this.jobs.get(id);
  }

  /** The jobs of this process that have not ended. */
  unfinished(): RunningJob[] {
    return [...this.jobs.values()];
  }

  /** Tells the work of a job to end. One that waits ends at once. */
  async cancel(job: RunningJob): Promise<void> {
    if (job.isSettled) return;
    job.askToCancel(new DomainError('cancelled', 'The job was cancelled'));
    if (this.slots.withdraw(job)) await this.settle(job, { state: 'cancelled', result: null, error: null });
  }

  /** Another process took this one for dead and has closed the job: its work is for nothing now. */
  lost(job: RunningJob): void {
    if (job.isSettled) return;
    this.logger.warn(`job ${job.id} was given up: this process was not heard of for too long`);
    this.slots.withdraw(job);
    this.end(job, INTERRUPTED_JOB);
    job.abort(new DomainError('unavailable', 'The job was given up'));
  }

  /** Tells all work to end, gives it a little time, and writes down what became of it. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    const grace = AbortSignal.timeout(Math.min(MAX_GRACE_MS, this.settings.shutdownTimeoutMs / 2));
    await Promise.all(
      this.unfinished().map(async (job) => {
        job.abort(stopped());
        if (this.slots.withdraw(job)) await this.settle(job, INTERRUPTED_JOB);
        await job.end(grace);
      }),
    );
    this.over.abort();
    const left = this.unfinished().filter(({ isSettled }) => !isSettled);
    await Promise.all(left.map((job) => this.settle(job, INTERRUPTED_JOB)));
    for (const timer of this.saving.values()) clearTimeout(timer);
  }

  private async run(job: RunningJob): Promise<void> {
    const outcome = await runInRequestContext(job.context, () => this.outcome(job));
    if (!job.isSettled) await this.settle(job, outcome);
  }

  private async outcome(job: RunningJob): Promise<WorkOutcome> {
    try {
      const at = this.clock.now();
      if (await this.store.begin(job.id, at)) job.begun(at);
      else this.lost(job);
      job.signal.throwIfAborted();
      return success(await job.work(job.handle()));
    } catch (error) {
      const ended = job.cancelRequested ? 'cancelled' : job.signal.aborted ? 'stopped' : undefined;
      const outcome = failure(error, ended);
      if (outcome.error?.code === 'internal') this.logger.error({ err: error, job: job.id }, 'a job failed');
      return outcome;
    }
  }

  /** Written down first, then told: what is told of has happened. */
  private async settle(job: RunningJob, outcome: WorkOutcome): Promise<void> {
    job.isSettled = true;
    this.stopSaving(job);
    for (;;) {
      try {
        const isOurs = await this.store.finish(job.id, this.clock.now(), { ...outcome, ...job.news() });
        this.end(job, isOurs ? outcome : INTERRUPTED_JOB);
        return;
      } catch (error) {
        this.logger.warn(`what became of job ${job.id} can't be written down now: ${messageOf(error)}`);
        // Where it never can, the next start closes the job.
        if (this.over.signal.aborted) this.end(job, INTERRUPTED_JOB);
        if (job.hasEnded) return;
        await pause(RETRY_MS, undefined, { signal: this.over.signal }).catch(() => undefined);
      }
    }
  }

  private end(job: RunningJob, outcome: WorkOutcome): void {
    this.stopSaving(job);
    this.jobs.delete(job.id);
    job.ended(outcome.state, this.clock.now(), outcome);
  }

  private saveSoon(job: RunningJob): void {
    if (this.saving.has(job) || job.isSettled) return;
    this.saving.set(
      job,
      setTimeout(() => void this.save(job), SAVE_EVERY_MS),
    );
  }

  private async save(job: RunningJob): Promise<void> {
    this.saving.delete(job);
    try {
      if (!(await this.store.save(job.id, job.news()))) this.lost(job);
    } catch (error) {
      // The next news is written down again, and so is the end.
      this.logger.warn(`the progress of job ${job.id} can't be written down now: ${messageOf(error)}`);
    }
  }

  private stopSaving(job: RunningJob): void {
    clearTimeout(this.saving.get(job));
    this.saving.delete(job);
  }

  /** It may have begun to stop while something was awaited. */
  private hasStopped(): boolean {
    return this.isStopping;
  }
}

function stopped(): DomainError {
  return new DomainError('unavailable', 'Dockmaster is shutting down');
}
