import type { ObjectRecord, TaskOfService } from '../gate/engine-handle.js';
import { ObjectCatalog } from '../http/object-catalog.js';
import { toTask } from './task.mapper.js';
import type { Task } from './task.model.js';

export type TaskRecord = ObjectRecord<TaskOfService>;

/** Tasks as lists show them, newest first; the id makes the order total. */
export const TASKS = new ObjectCatalog<TaskRecord, Task>({
  toModel: (engine, { kept }) => toTask(engine, kept),
  order: 'number',
  keyOf: ({ createdAt, id }) => [-createdAt, id],
});
