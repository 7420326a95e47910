import { ObjectType } from '@nestjs/graphql';
import {
  OutBigInteger,
  OutBoolean,
  OutInteger,
  OutJson,
  OutNumber,
  OutObject,
  OutText,
  OutTime,
} from '../common/output-fields.js';

@ObjectType({ description: 'How many containers an engine has.' })
export class ContainerCounts {
  @OutInteger('All.')
  total!: number;

  @OutInteger('Those that run.')
  running!: number;

  @OutInteger('Those that are paused.')
  paused!: number;

  @OutInteger('Those that do not run.')
  stopped!: number;
}

@ObjectType({ description: 'What an engine is, and what it can do.' })
export class SystemInfo {
  @OutText('The id of the engine.')
  id!: string;

  @OutText('The host name of the machine.')
  hostName!: string;

  @OutText('The version of the engine.')
  serverVersion!: string;

  @OutText('The operating system of the machine, in words.')
  operatingSystem!: string;

  @OutText('linux or windows.')
  osType!: string;

  @OutText('The architecture of the machine.')
  architecture!: string;

  @OutText('The version of the kernel.')
  kernelVersion!: string;

  @OutInteger('How many processors there are.')
  cpus!: number;

  @OutBigInteger('How many bytes of memory there are.')
  memoryBytes!: number;

  @OutObject(() => ContainerCounts, 'How many containers there are; null for who may not list all of them.', {
    nullable: true,
  })
  containers!: ContainerCounts | null;

  @OutInteger('How many images there are; null for who may not list all of them.', { nullable: true })
  images!: number | null;

  @OutText('The storage driver.')
  storageDriver!: string;

  @OutText('The log driver of containers that choose none.')
  loggingDriver!: string;

  @OutText('The driver of control groups: cgroupfs, systemd or none; null where there is none.', {
    nullable: true,
  })
  cgroupDriver!: string | null;

  @OutText('The version of control groups: 1 or 2; null where there is none.', { nullable: true })
  cgroupVersion!: string | null;

  @OutText('The folder that holds all that the engine keeps.')
  dataRoot!: string;

  @OutText('The runtimes that containers can run by.', { list: true })
  runtimes!: string[];

  @OutText('The runtime of containers that choose none.')
  defaultRuntime!: string;

  @OutText("What confines containers, in the engine's words.", { list: true })
  securityOptions!: string[];

  @OutText('The drivers for volumes.', { list: true })
  volumeDrivers!: string[];

  @OutText('The drivers for networks.', { list: true })
  networkDrivers!: string[];

  @OutText('The drivers for logs.', { list: true })
  logDrivers!: string[];

  @OutText('Whether it is in a swarm: inactive, pending, active, error or locked.')
  swarm!: string;

  @OutText('Labels of the engine, each `key=value`.', { list: true })
  labels!: string[];

  @OutText('What the engine warns of.', { list: true })
  warnings!: string[];

  @OutTime('The clock of the machine; null where it is not told.', { nullable: true })
  systemTime!: string | null;

  @OutJson("The engine's own document.")
  raw!: unknown;
}

@ObjectType({ description: 'A part of an engine.' })
export class SystemComponent {
  @OutText('What it is called.')
  name!: string;

  @OutText('Its version.')
  version!: string;
}

@ObjectType({ description: 'The versions of an engine.' })
export class SystemVersion {
  @OutText('Of the engine.')
  version!: string;

  @OutText('The newest Engine API that it speaks.')
  apiVersion!: string;

  @OutText('The oldest Engine API that it speaks.')
  minApiVersion!: string;

  @OutText('The Go that it was built with.')
  goVersion!: string;

  @OutText('The commit that it was built of.')
  gitCommit!: string;

  @OutText('When it was built, as it tells; null where it does not.', { nullable: true })
  buildTime!: string | null;

  @OutText('The operating system.')
  os!: string;

  @OutText('The architecture.')
  architecture!: string;

  @OutText('The version of the kernel.')
  kernelVersion!: string;

  @OutBoolean('Whether features that are not finished are switched on.')
  experimental!: boolean;

  @OutObject(() => SystemComponent, 'Its parts: containerd, runc, …', { list: true })
  components!: SystemComponent[];
}

@ObjectType({ description: 'What an engine answered when it was asked whether it is there.' })
export class SystemPing {
  @OutText('The newest Engine API that it speaks.')
  apiVersion!: string;

  @OutText('linux or windows; null where it is not told.', { nullable: true })
  osType!: string | null;

  @OutText('1 for the classic builder, 2 for BuildKit; null where it is not told.', { nullable: true })
  builderVersion!: string | null;

  @OutBoolean('Whether features that are not finished are switched on.')
  experimental!: boolean;

  @OutNumber('Milliseconds until it answered.')
  latencyMs!: number;
}

@ObjectType({ description: 'An image where its registry has it.' })
export class DistributionImage {
  @OutText('The media type of what the reference stands for.')
  mediaType!: string;

  @OutText('Its digest.')
  digest!: string;

  @OutBigInteger('Its size in bytes: of the manifest, not of the image.')
  sizeBytes!: number;

  @OutText('The platforms that there is an image for: os/architecture[/variant].', { list: true })
  platforms!: string[];
}
