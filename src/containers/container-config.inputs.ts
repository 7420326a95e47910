import { InputType } from '@nestjs/graphql';
import { InBoolean, InInteger, InObject, InText, InTextMap } from '../common/input-fields.js';
import { InEnvironment, InImageReference, InMacAddress, InSignal, InUser } from './container-fields.js';
import { ExposedPortInput } from './container-network.inputs.js';
import { HealthcheckInput, StreamsInput } from './container-runtime.inputs.js';

const ARGUMENTS = { max: 131_072, multiline: true, list: { max: 4_096 }, optional: true } as const;

/**
 * What the Engine API calls `ContainerConfig`: what a container is, wherever it runs. Left out is `ArgsEscaped`, of
 * Windows engines.
 */
@InputType({ isAbstract: true })
export class ContainerConfigInput extends StreamsInput {
  @InImageReference('The image, which the engine must have.')
  image!: string;

  @InText({
    description: 'The program and its arguments, instead of those of the image (`Cmd`).',
    ...ARGUMENTS,
    example: ['nginx', '-g', 'daemon off;'],
  })
  command?: string[];

  @InText({
    description: 'What `command` is given to, instead of that of the image; `[""]` for nothing.',
    ...ARGUMENTS,
  })
  entrypoint?: string[];

  @InEnvironment('Environment variables, each `NAME=value`, or `NAME` to take away one of the image.')
  env?: string[];

  @InTextMap({
    description: 'Labels.',
    maxEntries: 512,
    maxKey: 512,
    maxValue: 16_384,
    optional: true,
    example: { 'com.example.team': 'web' },
  })
  labels?: Record<string, string>;

  @InUser('The user that the processes run as.')
  user?: string;

  @InText({
    description: 'The folder that the command starts in.',
    max: 4_096,
    optional: true,
    example: '/srv',
  })
  workingDir?: string;

  @InText({
    description: 'The host name within the container. Default: the start of its id.',
    max: 253,
    pattern: /^[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?$/,
    patternHint: 'a host name',
    optional: true,
  })
  hostname?: string;

  @InText({
    description: 'The domain name within the container.',
    max: 253,
    pattern: /^[a-zA-Z0-9._-]*$/,
    patternHint: 'a domain name',
    optional: true,
  })
  domainname?: string;

  @InObject(() => HealthcheckInput, {
    description: 'How to check the health, instead of as the image says.',
    optional: true,
  })
  healthcheck?: HealthcheckInput;

  @InSignal('The signal that stops the container. Default: that of the image, or SIGTERM.')
  stopSignal?: string;

  @InInteger({
    description: 'Seconds that a stop waits before it kills; -1 for no limit. Engine default 10.',
    min: -1,
    max: 86_400,
    optional: true,
  })
  stopTimeoutSeconds?: number;

  @InObject(() => ExposedPortInput, {
    description: 'Ports that the container listens on, without publishing them.',
    list: { max: 1_024 },
    optional: true,
  })
  exposedPorts?: ExposedPortInput[];

  @InText({
    description: 'Paths in the container that get an anonymous volume each (`Volumes`).',
    max: 4_096,
    min: 1,
    pattern: /^\/.*$/,
    patternHint: 'an absolute path',
    list: { max: 256 },
    optional: true,
  })
  volumes?: string[];

  @InMacAddress('The MAC address, on the first network.')
  macAddress?: string;

  @InBoolean({ description: 'Whether the container has no network at all.', optional: true })
  networkDisabled?: boolean;

  @InText({
    description: 'The shell that health checks by `CMD-SHELL` run in.',
    ...ARGUMENTS,
    list: { max: 64 },
  })
  shell?: string[];

  @InText({
    description: 'Dockerfile instructions for builds on an image made of this container.',
    max: 8_192,
    min: 1,
    list: { max: 64 },
    optional: true,
  })
  onBuild?: string[];
}
