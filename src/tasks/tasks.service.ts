import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import type { PageQuery } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { TASKS, type TaskRecord } from './task-catalog.js';
import { taskMatcher } from './task-filter.js';
import type { TaskFilter } from './task-list.inputs.js';
import type { TaskPath } from './task-paths.js';
import { toTaskDetails } from './task.mapper.js';
import type { Task, TaskDetails } from './task.model.js';

/** What tasks there are. They are made and ended by the swarm alone. */
@Injectable()
export class TasksService {
  constructor(private readonly gate: Gate) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: TaskFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<TaskRecord, Task>> {
    const view = await this.gate.as(actor).engine(engine).objects('task', { fresh });
    return new ObjectPages(
      { catalog: TASKS, engine, view, filter: listedFilter(filter, taskMatcher) },
      query,
    );
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  async get(actor: Actor, { engine, id }: TaskPath, { fresh }: FreshQuery = {}): Promise<TaskDetails> {
    const { document, ...freshness } = await this.gate.as(actor).engine(engine).object('task', id, { fresh });
    return toTaskDetails(engine, document, toFreshness(freshness));
  }
}
