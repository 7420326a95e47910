import { Injectable } from '@nestjs/common';
import { withoutQuotations } from '../audit/audit-text.js';
import type { Actor } from '../common/actor.js';
import { DomainError, notFound } from '../common/errors.js';
import type { Page } from '../common/pagination.js';
import type { Permission } from '../common/permissions.js';
import { Gate } from '../gate/gate.js';
import { isOwn, JobAccess } from './job-access.js';
import { JobFollower } from './job-follower.js';
import { rememberStarted } from './job-following.js';
import { hasEnded } from './job-kinds.js';
import { type StoredJob, toJob } from './job-row.js';
import { JobRunner } from './job-runner.js';
import { type JobFilter, JobStore } from './job-store.js';
import type { JobContext, JobSpec, JobWork } from './job-work.js';
import type { Job, JobLog } from './job.model.js';

export type { JobFilter } from './job-store.js';
export type { JobContext, JobSpec, JobWork, ProgressPart, ProgressUpdate } from './job-work.js';

/** Long work: starts it, and shows it to who started it and to who may see the jobs of others. */
@Injectable()
export class JobsService {
  constructor(
    private readonly gate: Gate,
    private readonly access: JobAccess,
    private readonly store: JobStore,
    private readonly runner: JobRunner,
    private readonly follower: JobFollower,
  ) {}

  /**
   * Starts work that goes on after the request. It is written down before it begins; a few jobs are done at a time and the others
   * wait in turn. Whether the actor may do what the work does is the gate's to decide, at each call of the work; a service that
   * wants to refuse at once asks the gate before it starts the job.
   *
   * The work acts as `job.actor`, ends soon after `job.signal` is aborted, and waits for no other job: with many at a time, all
   * would wait.
   *
   * @throws DomainError `too_many_requests` while too many jobs wait; `unavailable` while the program stops
   */
  async start<T extends object | null>(actor: Actor, spec: JobSpec, work: JobWork<T>): Promise<Job> {
    const running = await this.runner.start(actor, spec, (job) => this.whileLive(job, work));
    const job = running.asJob();
    return rememberStarted(job, (signal) => this.follow(actor, job.id, signal));
  }

  /** Newest first: the actor's own, and those of others on engines where it holds `jobs:list` for everything. */
  async list(
    actor: Actor,
    filter: JobFilter,
    page: { limit?: number | undefined; after?: string | undefined },
  ): Promise<Page<Job>> {
    const sight = await this.access.sight(actor, 'jobs:list');
    const { items, ...rest } = await this.store.list(sight, filter, page);
    return { ...rest, items: items.map((row) => this.shown(actor, row)) };
  }

  /** @throws DomainError `not_found`, also where the actor may not see it */
  async get(actor: Actor, id: string): Promise<Job> {
    return this.shown(actor, await this.visible(actor, id, 'jobs:get'));
  }

  /**
   * What the work said.
   *
   * @throws DomainError `not_found`; `forbidden` where the actor did not start it, nor holds `jobs:readLog`
   */
  async log(actor: Actor, id: string): Promise<JobLog> {
    const row = await this.visible(actor, id, 'jobs:readLog');
    if (!(await this.access.may(actor, 'jobs:readLog', row))) {
      const error = new DomainError('forbidden', 'You need the permission jobs:readLog');
      await this.gate.as(actor).refused('jobs:readLog', { kind: 'job', id, name: row.kind }, error);
      throw error;
    }
    const log = this.runner.find(id)?.news().log ?? (await this.store.log(id));
    if (!log) throw notFound('job', id);
    return log;
  }

  /**
   * Asks for the end of a job. It is `cancelled` once its work has ended, which is at once for one that waits; work that is
   * carried through all the same is told with the outcome that it has.
   *
   * @returns the job as it is then
   * @throws DomainError `not_found`; `forbidden`; `conflict` where it has ended already
   */
  async cancel(actor: Actor, id: string): Promise<Job> {
    const row = await this.visible(actor, id, 'jobs:cancel');
    const allowed = await this.access.may(actor, 'jobs:cancel', row);
    const target = { kind: 'job', id, name: row.kind };
    return this.gate.as(actor).changeWhere(allowed, 'jobs:cancel', target, async () => {
      if (!(await this.store.requestCancel(id)))
        throw new DomainError('conflict', `The job has ended already: ${(await this.found(id)).state}`);
      const running = this.runner.find(id);
      if (running) await this.runner.cancel(running);
      return this.shown(actor, await this.found(id));
    });
  }

  /**
   * First as it is, then each time it has changed, the newest only for who is slow, last with its outcome. It ends with
   * `access_withdrawn` soon after the actor may not see it any more.
   *
   * @throws DomainError `not_found`; `too_many_requests`
   */
  async follow(actor: Actor, id: string, signal: AbortSignal): Promise<AsyncIterable<Job>> {
    const row = await this.visible(actor, id, 'jobs:get');
    const check = async () => {
      if (!(await this.access.may(actor, 'jobs:get', row))) throw notFound('job', id);
    };
    const own = isOwn(actor, row);
    return this.gate.as(actor).whileLive(check, signal, (live) => {
      const jobs = this.follower.open(id, live);
      return Promise.resolve(own ? jobs : forOthers(jobs));
    });
  }

  /** Work does not outlive the session or the API token that it was started with, nor the service account that it acts as. */
  private async whileLive<T extends object | null>(job: JobContext, work: JobWork<T>): Promise<T> {
    const { actor, signal } = job;
    // What Dockmaster starts by itself comes with neither; a service account that acts by a hook can be disabled all the same.
    const canEnd = actor.sessionId !== undefined || actor.tokenId !== undefined;
    if (!canEnd && actor.kind !== 'serviceAccount') return work(job);
    const results = await this.gate.as(actor).whileLive(
      () => Promise.resolve(),
      signal,
      (live) => Promise.resolve(one(() => work({ ...job, signal: live }))),
    );
    for await (const result of results) return result;
    throw new DomainError('internal', 'The work ended without a result');
  }

  /** That a hidden one was asked for is recorded; it is told as a missing one. */
  private async visible(actor: Actor, id: string, asked: Permission): Promise<StoredJob> {
    const row = await this.store.find(id);
    if (row && (await this.access.may(actor, 'jobs:get', row))) return row;
    const missing = notFound('job', id);
    if (row) await this.gate.as(actor).refused(asked, { kind: 'job', id, name: row.kind }, missing);
    throw missing;
  }

  private async found(id: string): Promise<StoredJob> {
    const row = await this.store.find(id);
    if (!row) throw notFound('job', id);
    return row;
  }

  /** How far a job of this process is, is known better than it is written down. */
  private shown(actor: Actor, row: StoredJob): Job {
    const stored = toJob(row);
    const job = hasEnded(stored.state) ? stored : (this.runner.find(row.id)?.asJob() ?? stored);
    return isOwn(actor, row) ? job : forAnother(job);
  }
}

/** An engine that fails quotes what it was given, such as an address with a password in it: that is for who gave it. */
function forAnother(job: Job): Job {
  return job.error === null
    ? job
    : { ...job, error: { ...job.error, message: withoutQuotations(job.error.message) } };
}

async function* forOthers(jobs: AsyncIterable<Job>): AsyncGenerator<Job> {
  for await (const job of jobs) yield forAnother(job);
}

async function* one<T>(make: () => Promise<T>): AsyncGenerator<T> {
  yield await make();
}
