import type { Actor } from '../common/actor.js';
import { Bell } from '../common/bell.js';
import { toDateTime } from '../common/date-time.js';
import type { RequestContext } from '../common/request-context.js';
import { type FinalJobState, hasEnded, type JobState } from './job-kinds.js';
import { LogTail, NO_PROGRESS, withUpdate } from './job-progress.js';
import type { NewJob, JobNews, JobOutcome } from './job-store.js';
import type { JobContext, JobSpec, JobWork, ProgressUpdate } from './job-work.js';
import type { Job, JobError } from './job.model.js';

/** A job of this process, from when it is asked for until what became of it is written down. */
export class RunningJob {
  readonly signal: AbortSignal;
  /** Whether its outcome is settled, so that nothing more is to happen to it. */
  isSettled = false;
  cancelRequested = false;
  private readonly controller = new AbortController();
  private readonly changed = new Bell();
  private readonly tail = new LogTail();
  private progress = NO_PROGRESS;
  private state: JobState = 'queued';
  private startedAt: number | null = null;
  private finishedAt: number | null = null;
  private result: object | null = null;
  private error: JobError | null = null;
  private shown: Job | undefined;

  constructor(
    readonly id: string,
    readonly actor: Actor,
    readonly spec: JobSpec,
    readonly createdAt: number,
    /** Of the request that started it. */
    readonly context: Omit<RequestContext, 'signal'>,
    readonly work: JobWork<object | null>,
    /** Told when there is something to write down. */
    private readonly hasNews: () => void,
  ) {
    this.signal = this.controller.signal;
  }

  /** Who it counts for. */
  get creator(): string {
    return `${this.actor.kind}:${this.actor.id}`;
  }

  get hasEnded(): boolean {
    return hasEnded(this.state);
  }

  /** What its row is made of. */
  row(): NewJob {
    const { kind, engine, target } = this.spec;
    return {
      id: this.id,
      kind,
      engine: engine ?? null,
      target_kind: target?.kind ?? null,
      target_id: target?.id ?? null,
      target_name: target?.name ?? null,
      created_at: this.createdAt,
      created_by_kind: this.actor.kind,
      created_by_id: this.actor.id,
      created_by_name: this.actor.name,
      token_id: this.actor.tokenId ?? null,
    };
  }

  news(): JobNews {
    return { progress: this.progress, log: this.tail.value() };
  }

  /** As it is now. The same object until it changes. */
  asJob(): Job {
    const { kind, engine, target } = this.spec;
    this.shown ??= {
      id: this.id,
      kind,
      state: this.state,
      engine: engine ?? null,
      target: target ? { kind: target.kind, id: target.id ?? null, name: target.name ?? null } : null,
      progress: this.progress,
      result: this.result,
      error: this.error,
      cancelRequested: this.cancelRequested,
      createdAt: toDateTime(this.createdAt),
      startedAt: this.startedAt === null ? null : toDateTime(this.startedAt),
      finishedAt: this.finishedAt === null ? null : toDateTime(this.finishedAt),
      createdBy: { kind: this.actor.kind, id: this.actor.id, name: this.actor.name },
    };
    return this.shown;
  }

  /** Resolves when it is no longer as `seen`, or when `signal` is aborted. */
  async change(seen: Job, signal: AbortSignal): Promise<void> {
    while (this.asJob() === seen && !signal.aborted) await this.changed.wait(signal);
  }

  /** Resolves when it has ended, or when `signal` is aborted. */
  async end(signal: AbortSignal): Promise<void> {
    while (!this.hasEnded && !signal.aborted) await this.changed.wait(signal);
  }

  begun(at: number): void {
    this.state = 'running';
    this.startedAt = at;
    this.show();
  }

  ended(state: FinalJobState, at: number, { result, error }: Pick<JobOutcome, 'result' | 'error'>): void {
    this.isSettled = true;
    this.state = state;
    this.finishedAt = at;
    this.result = result;
    this.error = error;
    this.show();
  }

  askToCancel(reason: Error): void {
    this.cancelRequested = true;
    this.show();
    this.abort(reason);
  }

  abort(reason: Error): void {
    this.controller.abort(reason);
  }

  /** What its work is given. Once the job has ended, what its work still says is heard by nobody. */
  handle(): JobContext {
    // The work may outlive the access token of a sign-in; the session and the API token are looked at as ever.
    const { expiresAt: _, ...actor } = this.actor;
    return {
      id: this.id,
      actor,
      signal: this.signal,
      progress: (update: ProgressUpdate) => {
        if (this.isSettled) return;
        this.progress = withUpdate(this.progress, update);
        this.show();
        this.hasNews();
      },
      log: (line: string) => {
        if (this.isSettled) return;
        this.tail.add(line);
        this.hasNews();
      },
    };
  }

  private show(): void {
    this.shown = undefined;
    this.changed.ring();
  }
}
