import { ObjectType } from '@nestjs/graphql';
import { FollowedList, WithFreshness } from '../common/freshness.js';
import {
  OutBigInteger,
  OutChoice,
  OutInteger,
  OutJson,
  OutObject,
  OutText,
  OutTime,
} from '../common/output-fields.js';
import { ConnectionOf } from '../common/pagination.js';
import { OfSwarm } from '../swarm/swarm-object.model.js';
import { TASK_STATES, type TaskState } from './task-words.js';

@ObjectType({ description: 'A network that a task is on.' })
export class TaskNetwork {
  @OutText('The full id of the network.')
  id!: string;

  @OutText('The name of the network.')
  name!: string;

  @OutText('Addresses of the task on it, as `address/bits`.', { list: true })
  addresses!: string[];
}

@ObjectType({ description: 'A task of a service, as lists tell of it. Its labels are those of its service.' })
export class Task extends OfSwarm {
  @OutText('The full id of the service; null for a container that is on a network of the swarm.', {
    nullable: true,
  })
  serviceId!: string | null;

  @OutInteger('Which of the replicas it is; null for global services.', { nullable: true })
  slot!: number | null;

  @OutText('The full id of the node that it was given to; null while there is none.', { nullable: true })
  nodeId!: string | null;

  @OutText('The image; empty for what is no container.')
  image!: string;

  @OutChoice(TASK_STATES, 'How far it is.')
  state!: TaskState;

  @OutChoice(TASK_STATES, 'How far it is to come.')
  desiredState!: TaskState;

  @OutText('What the node says of its state; empty for nothing.')
  message!: string;

  @OutText('Why it failed or cannot go on; null for no reason.', { nullable: true })
  error!: string | null;

  @OutTime('When it came into this state; null where that is not known.', { nullable: true })
  stateSince!: string | null;

  @OutText('The full id of its container, on its node; null while there is none.', { nullable: true })
  containerId!: string | null;

  @OutInteger('The exit code of its container; null while that runs, and where there was none.', {
    nullable: true,
  })
  exitCode!: number | null;

  @OutBigInteger('Of a job: how often it had been started anew when the task was made; null for others.', {
    nullable: true,
  })
  jobIteration!: number | null;

  @OutObject(() => TaskNetwork, 'Networks that it is on.', { list: true })
  networks!: TaskNetwork[];
}

@ObjectType({ description: 'A task, with all that is known of it.' })
export class TaskDetails extends WithFreshness(Task) {
  @OutJson("The engine's own document, as TaskInspect answers it, without what you may not see.")
  raw!: unknown;
}

/** A page of tasks in GraphQL. */
export const TaskConnection = ConnectionOf(Task, FollowedList);
