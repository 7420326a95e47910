import { ObjectType } from '@nestjs/graphql';
import { OutObject } from '../common/output-fields.js';
import { ObjectChange } from '../http/object-change.model.js';
import { Task } from './task.model.js';

@ObjectType('TaskChange', { description: 'Something new about the tasks of a swarm.' })
export class TaskChanged extends ObjectChange {
  @OutObject(() => Task, 'The task as it is now, or was before it was removed.', { nullable: true })
  task!: Task | null;
}
