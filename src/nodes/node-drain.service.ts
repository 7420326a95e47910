import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { EngineHandle, TaskDocument } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { Job } from '../jobs/job.model.js';
import { type JobContext, JobsService } from '../jobs/jobs.service.js';
import { type DrainedTask, drainState, nameOf, tasksOn } from './drain-state.js';
import { changeNode } from './node-changes.js';
import type { NodePath } from './node-paths.js';
import type { DrainNodeInput } from './node.inputs.js';

const DEFAULT_TIMEOUT_S = 600;
/** Tasks that are named, of those that have found no place. */
const MOST_NAMED = 5;
/** Tasks whose progress is told one by one. */
const MOST_PARTS = 100;

/** What came of draining a node. */
interface DrainResult {
  readonly node: string;
  /** Tasks whose work is done on other nodes now. */
  readonly moved: number;
  /** Tasks that ended, and that nothing was wanted in the place of. */
  readonly stopped: number;
}

/** Takes tasks from nodes, and tells when they have moved. */
@Injectable()
export class NodeDrainService {
  constructor(
    private readonly gate: Gate,
    private readonly jobs: JobsService,
  ) {}

  /**
   * Drains a node at once, and follows its tasks as a job. Cancelling that ends the following; the node stays drained.
   *
   * @throws DomainError `forbidden` also where the actor may not see all tasks: it could not tell that they have moved
   */
  async drain(
    actor: Actor,
    { engine, id }: NodePath,
    { version, timeoutSeconds = DEFAULT_TIMEOUT_S }: DrainNodeInput,
  ): Promise<Job> {
    const handle = this.gate.as(actor).engine(engine);
    await handle.requireEver('NodeUpdate');
    const { document: node } = await handle.object('node', id);
    const target = { kind: 'node', id: node.ID, name: node.Description?.Hostname };
    await this.requireAllTasks(actor, handle, target);
    const before = tasksOn(node.ID, await tasksOf(handle, { fresh: true }));
    await changeNode(handle, node.ID, { availability: 'drain', version });
    return this.jobs.start(actor, { kind: 'nodeDrain', engine, target }, (job) =>
      this.follow(job, engine, node.ID, before, timeoutSeconds),
    );
  }

  private async follow(
    job: JobContext,
    engine: string,
    nodeId: string,
    before: readonly TaskDocument[],
    timeoutSeconds: number,
  ): Promise<DrainResult> {
    const handle = this.gate.as(job.actor).engine(engine);
    const until = AbortSignal.any([job.signal, AbortSignal.timeout(timeoutSeconds * 1_000)]);
    let drained = drainState(nodeId, before, before);
    tell(job, drained);
    for await (const news of await handle.news('task', undefined, until)) {
      if (news.kind === 'freshness') continue;
      drained = drainState(nodeId, before, await tasksOf(handle));
      tell(job, drained);
      const count = (state: DrainedTask['state']) => drained.filter((each) => each.state === state).length;
      if (count('waiting') === 0) return { node: nodeId, moved: count('moved'), stopped: count('stopped') };
    }
    job.signal.throwIfAborted();
    throw notMoved(drained, timeoutSeconds);
  }

  private async requireAllTasks(
    actor: Actor,
    handle: EngineHandle,
    target: { kind: string; id: string },
  ): Promise<void> {
    if (await handle.mayAlways('tasks:list')) return;
    const error = new DomainError('forbidden', 'You need the permission tasks:list on the whole engine');
    await this.gate.as(actor).refused('tasks:list', target, error);
    throw error;
  }
}

async function tasksOf(handle: EngineHandle, options?: { fresh: boolean }): Promise<TaskDocument[]> {
  return (await handle.objects('task', options)).records.map(({ kept }) => kept);
}

function tell(job: JobContext, drained: readonly DrainedTask[]): void {
  const settled = drained.filter(({ state }) => state !== 'waiting').length;
  job.progress({
    current: settled,
    total: drained.length,
    ...(drained.length === 0 ? { percent: 100 } : {}),
    message: `${settled} of ${drained.length} tasks have left`,
    parts: drained.slice(0, MOST_PARTS).map((each) => ({ id: nameOf(each.task), message: wordsOf(each) })),
  });
}

function wordsOf({ state, successor }: DrainedTask): string {
  if (state !== 'waiting') return state;
  const { State = 'new', Err } = successor?.Status ?? {};
  return successor ? [State, Err].filter(Boolean).join(': ') : 'stopping';
}

function notMoved(drained: readonly DrainedTask[], seconds: number): DomainError {
  const waiting = drained.filter(({ state }) => state === 'waiting');
  const named = waiting.slice(0, MOST_NAMED).map((each) => `${nameOf(each.task)} (${wordsOf(each)})`);
  const rest = waiting.length > named.length ? `, and ${waiting.length - named.length} more` : '';
  return new DomainError(
    'conflict',
    `After ${seconds} s ${waiting.length} tasks have not moved: ${named.join(', ')}${rest}. The node stays drained`,
  );
}
