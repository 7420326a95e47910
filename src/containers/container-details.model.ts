import { ObjectType } from '@nestjs/graphql';
import { WithFreshness } from '../common/freshness.js';
import {
  OutBigInteger,
  OutBoolean,
  OutInteger,
  OutJson,
  OutObject,
  OutText,
  OutTime,
} from '../common/output-fields.js';
import { Container } from './container.model.js';

@ObjectType({ description: 'What the engine does when a container stops by itself.' })
export class RestartPolicy {
  @OutText('no, always, unless-stopped or on-failure.')
  name!: string;

  @OutInteger('How often on-failure restarts before it gives up; 0 for no limit.')
  maximumRetryCount!: number;
}

const UNLIMITED = { nullable: true } as const;

@ObjectType({ description: 'What a container may use of its host. Null where there is no limit of its own.' })
export class ContainerResources {
  @OutBigInteger('Memory in bytes.', UNLIMITED)
  memory!: number | null;

  @OutBigInteger('Memory and swap together, in bytes; -1 for unlimited swap.', UNLIMITED)
  memorySwap!: number | null;

  @OutBigInteger('Memory in bytes that the kernel aims at when the host runs short.', UNLIMITED)
  memoryReservation!: number | null;

  @OutBigInteger('CPUs in billionths.', UNLIMITED)
  nanoCpus!: number | null;

  @OutInteger('CPU weight relative to other containers.', UNLIMITED)
  cpuShares!: number | null;

  @OutBigInteger('Length of a CPU period in microseconds.', UNLIMITED)
  cpuPeriod!: number | null;

  @OutBigInteger('CPU time in microseconds within each period.', UNLIMITED)
  cpuQuota!: number | null;

  @OutText('The CPUs to run on.', UNLIMITED)
  cpusetCpus!: string | null;

  @OutText('The memory nodes to use.', UNLIMITED)
  cpusetMems!: string | null;

  @OutBigInteger('How many processes and threads.', UNLIMITED)
  pidsLimit!: number | null;

  @OutInteger('Block I/O weight relative to other containers.', UNLIMITED)
  blkioWeight!: number | null;
}

@ObjectType({ description: 'A container, with all that the engine knows of it.' })
export class ContainerDetails extends WithFreshness(Container) {
  @OutTime('When it was last started; null if never.', { nullable: true })
  startedAt!: string | null;

  @OutTime('When it last stopped; null if never.', { nullable: true })
  finishedAt!: string | null;

  @OutInteger('The exit code of the last run; null while it runs and before the first run.', {
    nullable: true,
  })
  exitCode!: number | null;

  @OutText('Why it could not be started or stopped; null where nothing went wrong.', { nullable: true })
  error!: string | null;

  @OutBoolean('Whether the kernel killed a process of the last run for lack of memory.')
  oomKilled!: boolean;

  @OutInteger('How often the restart policy has restarted it.')
  restartCount!: number;

  @OutInteger('The process id on the host; null while it does not run.', { nullable: true })
  pid!: number | null;

  @OutText('What the arguments are given to.', { list: true })
  entrypoint!: string[];

  @OutText('The arguments: the command of the container.', { list: true })
  arguments!: string[];

  @OutText(
    'Environment variables, each NAME=value; null where there are none, and for who may not read them.',
    {
      list: true,
      nullable: true,
    },
  )
  env!: string[] | null;

  @OutText('The folder that the command starts in; empty for the root.')
  workingDir!: string;

  @OutText('The user that the processes run as; empty for root.')
  user!: string;

  @OutText('The host name within the container.')
  hostname!: string;

  @OutBoolean('Whether it has a terminal.')
  tty!: boolean;

  @OutBoolean('Whether input stays open while nobody is attached.')
  openStdin!: boolean;

  @OutText('The operating system that it was made for, such as linux.')
  platform!: string;

  @OutText('The logging driver.')
  logDriver!: string;

  @OutBoolean('Whether the engine removes it when it stops.')
  autoRemove!: boolean;

  @OutBoolean('Whether it has full access to the host.')
  privileged!: boolean;

  @OutText('The network mode, such as bridge, host or the name of a network.')
  networkMode!: string;

  @OutObject(() => RestartPolicy, 'When it is restarted.')
  restartPolicy!: RestartPolicy;

  @OutObject(() => ContainerResources, 'Limits of memory, CPU and processes.')
  resources!: ContainerResources;

  @OutText('What the engine remarked when it was created or changed by this call; else empty.', {
    list: true,
  })
  warnings!: string[];

  @OutJson("The engine's own document, as ContainerInspect answers it, without what you may not read.", {
    nullable: true,
  })
  raw!: unknown;
}
