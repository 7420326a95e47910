import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Actor } from '../common/actor.js';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import type { LogLinesQuery } from '../containers/container-stream.inputs.js';
import { toLogOptions } from '../containers/log-line.mapper.js';
import type { EngineHandle, SwarmLine } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { SwarmLogLine } from './swarm-log-line.model.js';

/** How often, at most, a task that is not known is looked for, in milliseconds: memory lists tasks no more often. */
const LOOK_EVERY_MS = 1_000;

/** Which service or task, on which engine. */
interface LogPath {
  readonly engine: string;
  readonly id: string;
}

/** What services and tasks write, wherever in the swarm they run. Each viewer has upstreams of its own, with back-pressure. */
@Injectable()
export class SwarmLogsService {
  constructor(
    private readonly gate: Gate,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Batches of lines of all tasks, those of each task in order, each exactly once. */
  ofService(
    actor: Actor,
    path: LogPath,
    query: LogLinesQuery,
    signal: AbortSignal,
  ): Promise<AsyncIterable<SwarmLogLine[]>> {
    return this.open(actor, 'ServiceLogs', path, query, signal);
  }

  /** Batches of lines in order, each exactly once. */
  ofTask(
    actor: Actor,
    path: LogPath,
    query: LogLinesQuery,
    signal: AbortSignal,
  ): Promise<AsyncIterable<SwarmLogLine[]>> {
    return this.open(actor, 'TaskLogs', path, query, signal);
  }

  private async open(
    actor: Actor,
    operation: 'ServiceLogs' | 'TaskLogs',
    { engine, id }: LogPath,
    query: LogLinesQuery,
    signal: AbortSignal,
  ): Promise<AsyncIterable<SwarmLogLine[]>> {
    const handle = this.gate.as(actor).engine(engine);
    const batches = await handle.swarmLogs(operation, id, toLogOptions(query), signal);
    return this.lines(handle, batches, query);
  }

  private async *lines(
    handle: EngineHandle,
    batches: AsyncIterable<readonly SwarmLine[]>,
    { timestamps = true }: LogLinesQuery,
  ): AsyncGenerator<SwarmLogLine[]> {
    let slots: ReadonlyMap<string, number | null> = new Map();
    let lookedAt = 0;
    for await (const batch of batches) {
      const unknown = batch.some(({ taskId }) => !slots.has(taskId));
      if (unknown && Date.now() - lookedAt >= LOOK_EVERY_MS) {
        slots = (await this.slots(handle)) ?? slots;
        lookedAt = Date.now();
      }
      yield batch.map((line) => ({
        ...line,
        timestamp: timestamps && line.timestamp !== '' ? line.timestamp : null,
        slot: slots.get(line.taskId) ?? null,
      }));
    }
  }

  /** By the id of the task. Lines are worth more than their replicas' numbers: they go on without. */
  private async slots(handle: EngineHandle): Promise<ReadonlyMap<string, number | null> | undefined> {
    try {
      if (!(await handle.mayEver('tasks:list'))) return undefined;
      const { records } = await handle.objects('task');
      return new Map(records.map(({ id, kept }) => [id, kept.Slot ? kept.Slot : null]));
    } catch (error) {
      this.logger.warn({ engine: handle.name }, `could not look up replicas for a log: ${messageOf(error)}`);
      return undefined;
    }
  }
}

/**
 * A line of a service as plain text: with the replica, where it has a number, the task and the node before it. While it is
 * updated, a replica is an old and a new task.
 */
export function toMergedText(
  { message, timestamp, taskId, nodeId, slot }: SwarmLogLine,
  { timestamps = false }: LogLinesQuery,
): string {
  const task = `${slot === null ? '' : `${slot}.`}${taskId.slice(0, 12)}`;
  const writer = `${task}@${nodeId.slice(0, 12)}`;
  return `${timestamps && timestamp !== null ? `${timestamp} ` : ''}${writer} | ${message}\n`;
}
