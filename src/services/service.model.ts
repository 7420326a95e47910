import { ObjectType } from '@nestjs/graphql';
import { FollowedList, WithFreshness } from '../common/freshness.js';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutInput,
  OutInteger,
  OutJson,
  OutNumber,
  OutObject,
  OutText,
  OutTextMap,
  OutTime,
} from '../common/output-fields.js';
import { ConnectionOf } from '../common/pagination.js';
import { OfSwarm } from '../swarm/swarm-object.model.js';
import { ServiceOptionsInput } from './service.inputs.js';
import { SERVICE_MODES, type ServiceModeName, UPDATE_STATES, type UpdateState } from './service-words.js';

@ObjectType({ description: 'How a change of a service is being rolled out.' })
export class ServiceUpdateStatus {
  @OutChoice(UPDATE_STATES, 'How far it is; `none` where there was none since the last change.')
  state!: UpdateState;

  @OutText('What the swarm says of it; empty for nothing.')
  message!: string;

  @OutTime('When it began; null where there was none.', { nullable: true })
  startedAt!: string | null;

  @OutTime('When it ended; null where it has not.', { nullable: true })
  completedAt!: string | null;
}

@ObjectType({ description: 'A port of a service that is reached from outside.' })
export class ServicePort {
  @OutText('Its name; null for none.', { nullable: true })
  name!: string | null;

  @OutText('The protocol.')
  protocol!: string;

  @OutInteger('The port in the containers.')
  containerPort!: number;

  @OutInteger('The port on the nodes; null while the swarm has not chosen one.', { nullable: true })
  publishedPort!: number | null;

  @OutText('`ingress`: on every node. `host`: on nodes with a task.')
  publishMode!: string;
}

@ObjectType({ description: 'A network that the tasks of a service are on.' })
export class ServiceNetwork {
  @OutText('The full id of the network.')
  id!: string;

  @OutText('More names of the service on it.', { list: true })
  aliases!: string[];

  @OutText('The address of the service on it, for all tasks, as `address/bits`; null where there is none.', {
    nullable: true,
  })
  virtualIp!: string | null;
}

@ObjectType({ description: 'A secret or config that the containers of a service can read.' })
export class ServiceDataFile {
  @OutText('Its full id.')
  id!: string;

  @OutText('Its name.')
  name!: string;

  @OutText('The file; null where it is used in another way.', { nullable: true })
  target!: string | null;

  @OutText('The user that owns the file; null for no file.', { nullable: true })
  uid!: string | null;

  @OutText('The group that owns the file; null for no file.', { nullable: true })
  gid!: string | null;

  @OutInteger('The mode of the file, as a decimal number; null for no file.', { nullable: true })
  mode!: number | null;
}

@ObjectType({ description: 'A service of a swarm, as lists tell of it.' })
export class Service extends OfSwarm {
  @OutText('The name.')
  name!: string;

  @OutText('The image as the service names it; the plugin, where its tasks are plugins.')
  image!: string;

  @OutChoice(
    SERVICE_MODES,
    'How many tasks it has: a number, one on each node, or so many until they have completed.',
  )
  mode!: ServiceModeName;

  @OutInteger(
    'How many tasks a replicated service is to have; of a replicated job, how many are to complete. Null for the other modes.',
    { nullable: true },
  )
  replicas!: number | null;

  @OutInteger('How many tasks of a replicated job run at the same time; null for the other modes.', {
    nullable: true,
  })
  maxConcurrent!: number | null;

  @OutObject(() => ServicePort, 'Ports that are reached from outside.', { list: true })
  ports!: ServicePort[];

  @OutObject(() => ServiceNetwork, 'Networks that its tasks are on.', { list: true })
  networks!: ServiceNetwork[];

  @OutObject(() => ServiceDataFile, 'Secrets that its containers can read.', { list: true })
  secrets!: ServiceDataFile[];

  @OutObject(() => ServiceDataFile, 'Configs that its containers can read.', { list: true })
  configs!: ServiceDataFile[];

  @OutObject(() => ServiceUpdateStatus, 'How its last change is being rolled out.')
  updateStatus!: ServiceUpdateStatus;

  @OutBoolean('Whether there is an earlier version to roll back to.')
  canRollBack!: boolean;
}

@ObjectType({ description: 'How many tasks of a service are how far.' })
export class ServiceTaskCounts {
  @OutInteger('How many are to run, or to complete.')
  desired!: number;

  @OutInteger('How many run.')
  running!: number;

  @OutInteger('How many have completed, of a job.')
  completed!: number;
}

@ObjectType({ description: 'A mount of the containers of a service.' })
export class ServiceMount {
  @OutText('`bind`, `volume`, `tmpfs` and so on.')
  type!: string;

  @OutText(
    'The volume or image, or the path on the node; null where there is none, and for who may not see it.',
    {
      nullable: true,
    },
  )
  source!: string | null;

  @OutText('The path in the containers.')
  target!: string;

  @OutBoolean('Whether they may only read.')
  readOnly!: boolean;
}

@ObjectType({ description: 'What each task of a service needs or may use; null for no limit.' })
export class ServiceTaskResources {
  @OutBigInteger('Billionths of a processor at most.', { nullable: true })
  limitNanoCpus!: number | null;

  @OutBigInteger('Bytes of memory at most.', { nullable: true })
  limitMemory!: number | null;

  @OutBigInteger('Processes and threads at most.', { nullable: true })
  limitPids!: number | null;

  @OutBigInteger('Billionths of a processor that a node must have free.', { nullable: true })
  reservedNanoCpus!: number | null;

  @OutBigInteger('Bytes of memory that a node must have free.', { nullable: true })
  reservedMemory!: number | null;
}

@ObjectType({ description: 'How tasks are replaced. Null where the engine’s default holds.' })
export class ServiceRollout {
  @OutInteger('Tasks at the same time; 0 for all.', { nullable: true })
  parallelism!: number | null;

  @OutNumber('Seconds between one group and the next.', { nullable: true })
  delaySeconds!: number | null;

  @OutNumber('Seconds that a new task is watched.', { nullable: true })
  monitorSeconds!: number | null;

  @OutNumber('The share that may fail.', { nullable: true })
  maxFailureRatio!: number | null;

  @OutText('What to do after a failure.', { nullable: true })
  failureAction!: string | null;

  @OutText('Which goes first.', { nullable: true })
  order!: string | null;
}

@ObjectType({ description: 'What happens when a task ends. Null where the engine’s default holds.' })
export class TaskRestartPolicy {
  @OutText('After which end another is started.', { nullable: true })
  condition!: string | null;

  @OutNumber('Seconds before it is.', { nullable: true })
  delaySeconds!: number | null;

  @OutInteger('How often at most; 0 for no limit.', { nullable: true })
  maxAttempts!: number | null;

  @OutNumber('Seconds over which attempts are counted; 0 for all time.', { nullable: true })
  windowSeconds!: number | null;
}

@ObjectType({ description: 'A service, with all that is known of it.' })
export class ServiceDetails extends WithFreshness(Service) {
  @OutObject(() => ServiceTaskCounts, 'Its tasks, by number; null where you may see no tasks at all.', {
    nullable: true,
  })
  tasksByState!: ServiceTaskCounts | null;

  @OutText('The program; empty for the entrypoint of the image.', { list: true })
  entrypoint!: string[];

  @OutText('What the program is given.', { list: true })
  command!: string[];

  @OutText('Environment variables; null where you may not see them.', { nullable: true, list: true })
  env!: string[] | null;

  @OutTextMap('Labels of its containers.')
  containerLabels!: Record<string, string>;

  @OutText('The user that processes run as; empty for that of the image.')
  user!: string;

  @OutText('The folder that the command starts in; empty for that of the image.')
  workingDir!: string;

  @OutObject(() => ServiceMount, 'What is mounted.', { list: true })
  mounts!: ServiceMount[];

  @OutText('Kernel capabilities that are added.', { list: true })
  capAdd!: string[];

  @OutText('Kernel capabilities that are taken away.', { list: true })
  capDrop!: string[];

  @OutText('Which nodes tasks are given to.', { list: true })
  constraints!: string[];

  @OutObject(() => ServiceTaskResources, 'What each task needs and may use.')
  resources!: ServiceTaskResources;

  @OutObject(() => TaskRestartPolicy, 'What happens when a task ends.')
  restartPolicy!: TaskRestartPolicy;

  @OutObject(() => ServiceRollout, 'How a change is rolled out.')
  updateConfig!: ServiceRollout;

  @OutObject(() => ServiceRollout, 'How the service goes back.')
  rollbackConfig!: ServiceRollout;

  @OutText('How its name is looked up: `vip` or `dnsrr`.')
  endpointMode!: string;

  @OutBigInteger('The counter by which its tasks are replaced though nothing else changes.')
  forceUpdate!: number;

  @OutText('What the engine had to say when it was created or changed; empty otherwise.', { list: true })
  warnings!: string[];

  @OutInput(
    () => ServiceOptionsInput,
    'All of it in the words in which it is changed: sent back as it is by `PUT`, with `version`, it changes nothing. Null where you may not see all of it (`services:readEnvironment`), and where it has what these words have no name for.',
    { nullable: true },
  )
  spec!: ServiceOptionsInput | null;

  @OutJson(
    "The engine's own document, as ServiceInspect answers it, without what you may not see; null for one that is only rehearsed.",
    { nullable: true },
  )
  raw!: unknown;
}

/** A page of services in GraphQL. */
export const ServiceConnection = ConnectionOf(Service, FollowedList);
