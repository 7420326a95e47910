import { InputType } from '@nestjs/graphql';
import {
  InBoolean,
  InChoice,
  InInteger,
  InNumber,
  InObject,
  InText,
  InTextMap,
} from '../common/input-fields.js';
import { InEnvironment, InImageReference, InSignal, InUser } from '../containers/container-fields.js';
import { UlimitInput } from '../containers/container-resources.inputs.js';
import { DnsInput, HealthcheckInput, LoggingInput } from '../containers/container-runtime.inputs.js';
import { MountInput } from '../containers/mount.inputs.js';
import { InSwarmLabels, InVersion } from '../swarm/swarm-fields.js';
import {
  ServiceConfigInput,
  ServiceNetworkInput,
  ServicePrivilegesInput,
  ServiceSecretInput,
  TaskResourcesInput,
} from './service-container.inputs.js';
import { ServicePluginInput, ServicePortInput } from './service-parts.inputs.js';
import { InServiceName } from './service-paths.js';
import {
  ServicePlacementInput,
  ServiceRollbackConfigInput,
  ServiceModeInput,
  TaskRestartPolicyInput,
  ServiceUpdateConfigInput,
} from './service-rollout.inputs.js';
import { ENDPOINT_MODES } from './service-words.js';

const ARGUMENTS = { max: 131_072, multiline: true, list: { max: 4_096 }, optional: true } as const;
const CAPABILITIES = {
  max: 40,
  pattern: /^[A-Za-z][A-Za-z_]{1,39}$/,
  patternHint: 'the name of a capability, such as NET_ADMIN, or ALL',
  list: { max: 64 },
  optional: true,
} as const;

/**
 * Every option of a ServiceSpec, from API 1.41 to 1.55. Left out is `NetworkAttachmentSpec`, which engines write themselves.
 * `service-spec.mapper.ts` says where each field goes.
 */
@InputType({ isAbstract: true })
export abstract class ServiceOptionsInput {
  @InImageReference('The image. Nodes pull it where they do not have it; its name is not looked up before.', {
    optional: true,
  })
  image?: string;

  @InObject(() => ServicePluginInput, { description: 'A plugin, instead of an image.', optional: true })
  plugin?: ServicePluginInput;

  @InSwarmLabels('Labels of the service.')
  labels?: Record<string, string>;

  @InSwarmLabels('Labels of the containers.')
  containerLabels?: Record<string, string>;

  @InObject(() => ServiceModeInput, { description: 'How many tasks. Default: one.', optional: true })
  mode?: ServiceModeInput;

  @InText({
    description:
      'What the program is given, or program and arguments where there is no `entrypoint` (`Args`).',
    ...ARGUMENTS,
    example: ['nginx', '-g', 'daemon off;'],
  })
  command?: string[];

  @InText({ description: 'The program, instead of the entrypoint of the image (`Command`).', ...ARGUMENTS })
  entrypoint?: string[];

  @InEnvironment('Environment variables, each `NAME=value`. May hold templates such as `{{.Task.Slot}}`.')
  env?: string[];

  @InText({ description: 'The folder that the command starts in (`Dir`).', max: 4_096, optional: true })
  workingDir?: string;

  @InUser('The user that the processes run as.')
  user?: string;

  @InText({
    description: 'Groups that the processes belong to besides that of the user (`Groups`).',
    max: 255,
    min: 1,
    list: { max: 64 },
    optional: true,
  })
  groupAdd?: string[];

  @InText({
    description: 'The host name within each container. May hold templates such as `{{.Task.Slot}}`.',
    max: 253,
    pattern: /^[a-zA-Z0-9{}._ -]*$/,
    patternHint: 'a host name',
    optional: true,
  })
  hostname?: string;

  @InBoolean({ description: 'Whether the containers have a terminal.', optional: true })
  tty?: boolean;

  @InBoolean({ description: 'Whether their input stays open.', optional: true })
  openStdin?: boolean;

  @InBoolean({ description: "Whether the image's files are read-only.", optional: true })
  readOnlyRootFilesystem?: boolean;

  @InBoolean({ description: 'Whether a small init runs as process 1 and reaps the others.', optional: true })
  init?: boolean;

  @InSignal('The signal that stops the containers. Default: that of the image, or SIGTERM.')
  stopSignal?: string;

  @InNumber({
    description: 'Seconds that a stop waits before it kills (`StopGracePeriod`). Engine default 10.',
    min: 0,
    max: 2_073_600,
    optional: true,
  })
  stopTimeoutSeconds?: number;

  @InObject(() => HealthcheckInput, {
    description: 'How to check the health. A task counts as running once it is healthy.',
    optional: true,
  })
  healthcheck?: HealthcheckInput;

  @InObject(() => MountInput, {
    description:
      'Volumes, paths of the host and memory to mount. A volume is that of the node which the task is on.',
    list: { max: 256 },
    optional: true,
  })
  mounts?: MountInput[];

  @InObject(() => DnsInput, { description: 'How names are looked up.', optional: true })
  dns?: DnsInput;

  @InObject(() => ServiceSecretInput, {
    description: 'Secrets that the containers can read.',
    list: { max: 256 },
    optional: true,
  })
  secrets?: ServiceSecretInput[];

  @InObject(() => ServiceConfigInput, {
    description: 'Configs that the containers can read.',
    list: { max: 256 },
    optional: true,
  })
  configs?: ServiceConfigInput[];

  @InObject(() => ServicePrivilegesInput, { description: 'Security options.', optional: true })
  privileges?: ServicePrivilegesInput;

  @InText({ description: 'Kernel capabilities to add (`CapabilityAdd`).', ...CAPABILITIES })
  capAdd?: string[];

  @InText({
    description: 'Kernel capabilities to take away (`CapabilityDrop`).',
    ...CAPABILITIES,
    example: ['ALL'],
  })
  capDrop?: string[];

  @InTextMap({
    description: 'Kernel parameters of the namespaces of the containers.',
    maxEntries: 256,
    maxKey: 255,
    maxValue: 1_024,
    optional: true,
  })
  sysctls?: Record<string, string>;

  @InObject(() => UlimitInput, { description: 'Limits of the processes.', list: { max: 64 }, optional: true })
  ulimits?: UlimitInput[];

  @InInteger({
    description: 'How readily the kernel kills the processes for lack of memory. From API 1.46.',
    min: -1_000,
    max: 1_000,
    optional: true,
  })
  oomScoreAdj?: number;

  @InChoice({
    description: 'How Windows keeps the containers apart.',
    values: ['default', 'process', 'hyperv'],
    optional: true,
  })
  isolation?: string;

  @InObject(() => TaskResourcesInput, { description: 'What tasks need and may use.', optional: true })
  resources?: TaskResourcesInput;

  @InObject(() => TaskRestartPolicyInput, { description: 'What happens when a task ends.', optional: true })
  restartPolicy?: TaskRestartPolicyInput;

  @InObject(() => ServicePlacementInput, { description: 'Which nodes tasks are given to.', optional: true })
  placement?: ServicePlacementInput;

  @InObject(() => ServiceNetworkInput, {
    description: 'Networks of the swarm that the tasks are on.',
    list: { max: 64 },
    optional: true,
  })
  networks?: ServiceNetworkInput[];

  @InObject(() => LoggingInput, { description: 'Where the output goes (`LogDriver`).', optional: true })
  logging?: LoggingInput;

  @InObject(() => ServiceUpdateConfigInput, { description: 'How a change is rolled out.', optional: true })
  updateConfig?: ServiceUpdateConfigInput;

  @InObject(() => ServiceRollbackConfigInput, { description: 'How the service goes back.', optional: true })
  rollbackConfig?: ServiceRollbackConfigInput;

  @InChoice({
    description:
      'How its name is looked up: one address for all tasks (`vip`, the default), or all of theirs.',
    values: ENDPOINT_MODES,
    optional: true,
  })
  endpointMode?: (typeof ENDPOINT_MODES)[number];

  @InObject(() => ServicePortInput, {
    description: 'Ports that are reached from outside.',
    list: { max: 1_024 },
    optional: true,
  })
  ports?: ServicePortInput[];

  @InInteger({
    description: 'A counter: a change of it replaces the tasks, though nothing else has changed.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
  })
  forceUpdate?: number;

  @InText({
    description:
      'The id of a stored registry whose credentials the nodes pull with. Default: those stored for the host of the image, as far as you may use them.',
    max: 64,
    min: 1,
    optional: true,
  })
  registry?: string;
}

@InputType({ description: 'A new service. Everything but `name` and `image` (or `plugin`) may be left out.' })
export class CreateServiceInput extends ServiceOptionsInput {
  @InServiceName('The name.')
  name!: string;
}

@InputType({
  description:
    'What is to change of a service: each field that is given takes the place of what was there; the others stay.',
})
export class UpdateServiceInput extends ServiceOptionsInput {
  @InVersion()
  version?: number;
}

@InputType({ description: 'All of a service: what is not given is as in a new one. Its name and mode stay.' })
export class ReplaceServiceInput extends ServiceOptionsInput {
  @InInteger({
    description:
      'The `version` that the change is made for: where it was changed meanwhile, nothing is done and the answer is `conflict`.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    example: 12,
  })
  version!: number;
}
