import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { Gate } from '../gate/gate.js';
import type { Job } from '../jobs/job.model.js';
import { type JobContext, JobsService } from '../jobs/jobs.service.js';
import { type Convergence, ConvergenceFollower, type Expectation } from './convergence.js';
import type { ServiceConvergence } from './convergence.model.js';
import type { ServicePath } from './service-paths.js';
import type { ConvergenceQuery } from './service-edits.inputs.js';

const LOOK_EVERY_MS = 500;
const DEFAULT_TIMEOUT_S = 600;

export interface ConvergenceOptions extends ConvergenceQuery {
  /** What led to it. Default: it is not known. */
  readonly expects?: Expectation;
}

/** Whether and how the tasks of a service come to be as it says. */
@Injectable()
export class ServiceConvergenceService {
  constructor(
    private readonly gate: Gate,
    private readonly jobs: JobsService,
  ) {}

  /**
   * How far it is, at once and each time that it has changed; the last is its end.
   *
   * @throws DomainError `engine_timeout` with how far it had come; `not_found` where the service is gone
   */
  async *follow(
    actor: Actor,
    { engine, id }: ServicePath,
    { timeoutSeconds = DEFAULT_TIMEOUT_S, expects = 'unknown' }: ConvergenceOptions,
    signal: AbortSignal,
  ): AsyncGenerator<Convergence> {
    const handle = this.gate.as(actor).engine(engine);
    const follower = new ConvergenceFollower(expects);
    const end = performance.now() + timeoutSeconds * 1_000;
    let told = '';
    for (;;) {
      signal.throwIfAborted();
      const { document } = await handle.object('service', id, { fresh: true });
      const look = async (fresh: boolean) => {
        const { records } = await handle.objects('task', { fresh });
        const tasks = records.filter(({ kept }) => kept.ServiceID === document.ID).map(({ kept }) => kept);
        return follower.look(document, tasks, performance.now());
      };
      let now = await look(false);
      // Why the swarm gave up, its tasks say, and memory may have them from a moment before.
      if (now.phase !== 'converging' && now.phase !== 'converged') now = await look(true);
      const text = JSON.stringify(now);
      if (text !== told) yield now;
      told = text;
      if (now.phase !== 'converging') return;
      if (performance.now() >= end)
        throw new DomainError(
          'engine_timeout',
          `Not converged within ${timeoutSeconds} s: ${progressOf(now)}`,
        );
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  /** The same for clients that look on: without the tasks one by one. */
  async *watch(
    actor: Actor,
    path: ServicePath,
    query: ConvergenceQuery,
    signal: AbortSignal,
  ): AsyncGenerator<ServiceConvergence> {
    for await (const { places: _, errors, ...now } of this.follow(actor, path, query, signal))
      yield { ...now, errors: [...errors] };
  }

  /**
   * A job that ends with what became of it: it succeeds where the service has converged, and fails with the reason where not.
   *
   * @throws DomainError `not_found` also for what the actor may not see
   */
  async start(actor: Actor, { engine, id }: ServicePath, options: ConvergenceOptions = {}): Promise<Job> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('TaskList');
    const { document } = await handle.object('service', id);
    const target = { kind: 'service', id: document.ID, name: document.Spec.Name };
    return this.jobs.start(actor, { kind: 'serviceConvergence', engine, target }, (job) =>
      this.work(job, { engine, id: document.ID }, options),
    );
  }

  /**
   * The same as a part of the work of another job.
   *
   * @throws DomainError `engine_error` where the swarm gave up, or went back; `engine_timeout`
   */
  async work(job: JobContext, path: ServicePath, options: ConvergenceOptions): Promise<object> {
    let last: Convergence | undefined;
    const said = new Set<string>();
    for await (const now of this.follow(job.actor, path, options, job.signal)) {
      last = now;
      const isJob = now.completed > 0;
      job.progress({
        current: isJob ? now.completed : now.running,
        total: now.desired,
        message: now.updateMessage === '' ? now.phase : now.updateMessage,
        parts: now.places.map(({ place, state }) => ({ id: place, message: state })),
      });
      for (const error of now.errors) if (!said.has(error)) job.log(error);
      now.errors.forEach((error) => said.add(error));
    }
    if (!last) throw new DomainError('internal', 'A convergence without an end');
    if (last.phase !== 'converged')
      throw new DomainError('engine_error', `${ENDS[last.phase]}: ${progressOf(last)}`);
    const { phase, desired, running, completed, updateState, version } = last;
    return { outcome: phase, desired, running, completed, updateState, version };
  }
}

const ENDS = {
  converging: 'The service is still converging',
  paused: 'The update was paused by a failure',
  rolledBack: 'The update failed and was rolled back',
  rollbackPaused: 'The update failed, and the rollback was paused by a failure',
  failed: 'Tasks failed, and no others are started',
} as const satisfies Record<Exclude<Convergence['phase'], 'converged'>, string>;

function progressOf({ desired, running, completed, updateMessage, errors }: Convergence): string {
  const counts = `${running} of ${desired} tasks run${completed > 0 ? `, ${completed} have completed` : ''}`;
  return [counts, updateMessage, ...errors].filter((part) => part !== '').join('; ');
}
