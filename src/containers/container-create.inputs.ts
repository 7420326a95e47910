import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InObject, InText, InTextMap } from '../common/input-fields.js';
import { ContainerConfigInput } from './container-config.inputs.js';
import { InContainerName } from './container-fields.js';
import { NamespacesInput, SecurityInput } from './container-isolation.inputs.js';
import { NetworkAttachmentInput, PublishedPortInput } from './container-network.inputs.js';
import { ResourcesInput } from './container-resources.inputs.js';
import { DnsInput, LoggingInput, RestartPolicyInput, TerminalSizeInput } from './container-runtime.inputs.js';
import { MountInput } from './mount.inputs.js';

/**
 * Every option of ContainerCreate, from API 1.41 to 1.55, for Linux engines. Left out are the options of Windows
 * engines (`Isolation`, and those that the nested inputs name) and `ContainerIDFile`, which the engine does nothing
 * with. `container-create.mapper.ts` says where each field goes.
 */
@InputType({ description: 'A new container. Everything but the image may be left out.' })
export class CreateContainerInput extends ContainerConfigInput {
  @InContainerName('The name of the container. Default: one that the engine makes up.', { optional: true })
  name?: string;

  @InText({
    description: 'The platform of the image: `os`, `os/architecture` or `os/architecture/variant`.',
    max: 64,
    pattern: /^[a-z0-9_]+(\/[a-z0-9_]+){0,2}$/,
    patternHint: 'a platform, such as linux/arm64',
    optional: true,
    example: 'linux/amd64',
  })
  platform?: string;

  @InObject(() => PublishedPortInput, {
    description: 'Ports to publish on the host.',
    list: { max: 1_024 },
    optional: true,
  })
  ports?: PublishedPortInput[];

  @InBoolean({
    description: 'Whether to publish each exposed port on a free port of the host.',
    optional: true,
  })
  publishAllPorts?: boolean;

  @InObject(() => MountInput, {
    description: 'Volumes, paths of the host, images and memory to mount.',
    list: { max: 256 },
    optional: true,
  })
  mounts?: MountInput[];

  @InObject(() => NetworkAttachmentInput, {
    description: 'Networks to join. Default: the default network of the engine.',
    list: { max: 64 },
    optional: true,
  })
  networks?: NetworkAttachmentInput[];

  @InObject(() => RestartPolicyInput, {
    description: 'When to restart the container. Default `no`.',
    optional: true,
  })
  restartPolicy?: RestartPolicyInput;

  @InObject(() => ResourcesInput, {
    description: 'Limits of memory, CPU, processes and devices.',
    optional: true,
  })
  resources?: ResourcesInput;

  @InObject(() => SecurityInput, {
    description: 'Privileges, capabilities and security modules.',
    optional: true,
  })
  security?: SecurityInput;

  @InObject(() => NamespacesInput, {
    description: 'Namespaces shared with the host or a container.',
    optional: true,
  })
  namespaces?: NamespacesInput;

  @InObject(() => LoggingInput, { description: 'Where the output goes.', optional: true })
  logging?: LoggingInput;

  @InObject(() => DnsInput, { description: 'How names are looked up.', optional: true })
  dns?: DnsInput;

  @InBoolean({ description: 'Whether the engine removes the container when it stops.', optional: true })
  autoRemove?: boolean;

  @InBoolean({ description: 'Whether a small init runs as process 1 and reaps the others.', optional: true })
  init?: boolean;

  @InText({
    description: 'Groups that the processes belong to besides that of the user.',
    max: 255,
    min: 1,
    list: { max: 64 },
    optional: true,
  })
  groupAdd?: string[];

  @InTextMap({
    description: 'Kernel parameters of the namespaces of the container.',
    maxEntries: 256,
    maxKey: 255,
    maxValue: 1_024,
    optional: true,
    example: { 'net.ipv4.ip_forward': '1' },
  })
  sysctls?: Record<string, string>;

  @InTextMap({
    description: 'Notes that are handed to the runtime. From API 1.43.',
    maxEntries: 256,
    maxKey: 512,
    maxValue: 8_192,
    optional: true,
  })
  annotations?: Record<string, string>;

  @InText({
    description: 'The OCI runtime. Default: that of the engine.',
    max: 255,
    min: 1,
    optional: true,
    example: 'runc',
  })
  runtime?: string;

  @InInteger({
    description: 'How readily the kernel kills the processes for lack of memory, -1000 to 1000.',
    min: -1_000,
    max: 1_000,
    optional: true,
  })
  oomScoreAdj?: number;

  @InInteger({
    description: 'Size of /dev/shm in bytes. Engine default 64 MiB.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
  })
  shmSize?: number;

  @InTextMap({
    description: 'Paths in the container to mount memory on, with the options of each.',
    maxEntries: 64,
    maxKey: 4_096,
    maxValue: 1_024,
    optional: true,
    example: { '/run': 'size=64m' },
  })
  tmpfs?: Record<string, string>;

  @InText({
    description:
      'Mounts in the short form `source:target[:options]`. `mounts` is plainer; this form also labels for SELinux (`z`, `Z`).',
    max: 8_192,
    min: 1,
    list: { max: 256 },
    optional: true,
  })
  binds?: string[];

  @InText({
    description: 'Containers whose volumes are mounted too, each `container` or `container:ro`.',
    max: 300,
    min: 1,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}(:[a-zA-Z,]{1,32})?$/,
    patternHint: 'container or container:ro',
    list: { max: 64 },
    optional: true,
  })
  volumesFrom?: string[];

  @InText({
    description: 'The driver of volumes that `volumes` and `binds` create.',
    max: 255,
    min: 1,
    optional: true,
  })
  volumeDriver?: string;

  @InTextMap({
    description: 'Options of the storage driver, such as `size`.',
    maxEntries: 32,
    maxKey: 255,
    maxValue: 1_024,
    optional: true,
  })
  storageOptions?: Record<string, string>;

  @InText({
    description: 'Containers of the default network to reach by name, each `container` or `container:alias`.',
    max: 512,
    min: 1,
    list: { max: 64 },
    optional: true,
  })
  links?: string[];

  @InObject(() => TerminalSizeInput, {
    description: 'The size of the terminal at the start. From API 1.42.',
    optional: true,
  })
  consoleSize?: TerminalSizeInput;
}

export const PULL_POLICIES = ['never', 'missing', 'always'] as const;

@InputType({ description: 'A new container that is started at once.' })
export class RunContainerInput extends CreateContainerInput {
  @InChoice({
    description: 'When to pull the image first: `never` (default), where it is `missing`, or `always`.',
    values: PULL_POLICIES,
    optional: true,
  })
  pull?: (typeof PULL_POLICIES)[number];
}
