import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { ObjectWatch } from '../http/object-watch.js';
import { TASKS } from './task-catalog.js';
import type { TaskChanged } from './task-changed.model.js';
import { taskMatcher } from './task-filter.js';
import type { TaskFilter } from './task-list.inputs.js';

export const TASK_WATCH = new ObjectWatch({ kind: 'task', catalog: TASKS, matcher: taskMatcher });

/** Tells watchers what changes among the tasks that they may see. No engine tells of tasks: memory lists them each second. */
@Injectable()
export class TaskWatchService {
  constructor(private readonly gate: Gate) {}

  /** As `ObjectWatch.open` tells. */
  watch(
    actor: Actor,
    engine: string,
    filter: TaskFilter,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<AsyncIterable<readonly TaskChanged[]>> {
    return TASK_WATCH.open(this.gate.as(actor).engine(engine), filter, after, signal);
  }
}
