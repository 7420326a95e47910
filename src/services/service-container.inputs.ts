import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InObject, InText, InTextMap } from '../common/input-fields.js';

const NAMED = (what: string) =>
  ({
    description: `The id or name of the ${what}.`,
    max: 64,
    min: 1,
    pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9_.-]*[a-zA-Z0-9])?$/,
    patternHint: 'an id or name: letters, digits, "_", "." and "-"',
    example: 'database-password',
  }) as const;

/** Where the data of a secret or config lies in a container. */
@InputType({ isAbstract: true })
abstract class DataFileInput {
  @InText({ description: 'The user that owns the file, by number. Default `0`.', max: 32, optional: true })
  uid?: string;

  @InText({ description: 'The group that owns the file, by number. Default `0`.', max: 32, optional: true })
  gid?: string;

  @InInteger({
    description: 'File mode as a decimal number: 292 is 0444, which is the default.',
    min: 0,
    max: 0o7777,
    optional: true,
  })
  mode?: number;
}

@InputType({ description: 'A secret that the containers of a service find as a file.' })
export class ServiceSecretInput extends DataFileInput {
  @InText(NAMED('secret'))
  secret!: string;

  @InText({
    description:
      'The file: a name below `/run/secrets`, or an absolute path. Default: the name of the secret.',
    max: 4_096,
    min: 1,
    optional: true,
  })
  target?: string;
}

@InputType({ description: 'A config that the containers of a service find as a file.' })
export class ServiceConfigInput extends DataFileInput {
  @InText(NAMED('config'))
  config!: string;

  @InText({
    description: 'The file: an absolute path, or a name below `/`. Default: the name of the config.',
    max: 4_096,
    min: 1,
    optional: true,
  })
  target?: string;

  @InBoolean({
    description:
      'Whether it is no file, but a credential spec that `privileges` names. Windows. Default: false.',
    optional: true,
  })
  runtime?: boolean;
}

@InputType({ description: 'A managed service account (`CredentialSpec`). Windows; one of the three.' })
export class CredentialSpecInput {
  @InText({
    description: 'The id of a config that is among `configs` with `runtime`.',
    max: 64,
    optional: true,
  })
  config?: string;

  @InText({ description: 'A file of the engine.', max: 255, optional: true })
  file?: string;

  @InText({ description: 'A value of the registry of the host.', max: 1_024, optional: true })
  registry?: string;
}

const LABEL = { max: 255, optional: true } as const;

@InputType({ description: 'SELinux labels of the containers (`SELinuxContext`).' })
export class SelinuxContextInput {
  @InBoolean({ description: 'Whether SELinux does not confine them.', optional: true })
  disable?: boolean;

  @InText({ description: 'The user.', ...LABEL })
  user?: string;

  @InText({ description: 'The role.', ...LABEL })
  role?: string;

  @InText({ description: 'The type.', ...LABEL })
  type?: string;

  @InText({ description: 'The level.', ...LABEL })
  level?: string;
}

@InputType({ description: 'How seccomp confines the containers. From API 1.44.' })
export class SeccompInput {
  @InChoice({
    description: 'By the profile of the engine, by none, or by `profile`.',
    values: ['default', 'unconfined', 'custom'],
    optional: true,
  })
  mode?: string;

  @InText({
    description: 'The profile for the mode `custom`: JSON.',
    max: 262_144,
    multiline: true,
    optional: true,
  })
  profile?: string;
}

@InputType({ description: 'Security options of the containers of a service (`Privileges`).' })
export class ServicePrivilegesInput {
  @InObject(() => CredentialSpecInput, { description: 'A managed service account.', optional: true })
  credentialSpec?: CredentialSpecInput;

  @InObject(() => SelinuxContextInput, { description: 'SELinux labels.', optional: true })
  selinux?: SelinuxContextInput;

  @InObject(() => SeccompInput, { description: 'Seccomp. From API 1.44.', optional: true })
  seccomp?: SeccompInput;

  @InChoice({
    description: 'Whether AppArmor confines them. From API 1.44.',
    values: ['default', 'disabled'],
    optional: true,
  })
  appArmor?: string;

  @InBoolean({
    description: 'Whether processes cannot gain privileges. From API 1.44.',
    optional: true,
  })
  noNewPrivileges?: boolean;
}

const AMOUNT = { min: 0, max: Number.MAX_SAFE_INTEGER, optional: true } as const;

@InputType({ description: 'What each task may use at most (`Limits`).' })
export class TaskLimitsInput {
  @InInteger({ description: 'Billionths of a processor; 0 for no limit.', ...AMOUNT, example: 500_000_000 })
  nanoCpus?: number;

  @InInteger({ description: 'Memory in bytes; 0 for no limit.', ...AMOUNT })
  memory?: number;

  @InInteger({ description: 'Processes and threads; 0 for no limit.', ...AMOUNT })
  pids?: number;
}

@InputType({
  description: 'Something of a kind of its own that nodes have, such as a GPU (`GenericResources`).',
})
export class GenericResourceInput {
  @InText({ description: 'The kind.', max: 255, min: 1, example: 'gpu' })
  kind!: string;

  @InInteger({ description: 'How many. Either this or `name`.', ...AMOUNT })
  count?: number;

  @InText({ description: 'Which one. Either this or `count`.', max: 255, min: 1, optional: true })
  name?: string;
}

@InputType({ description: 'What a node must have free to be given a task (`Reservations`).' })
export class TaskReservationsInput {
  @InInteger({ description: 'Billionths of a processor.', ...AMOUNT })
  nanoCpus?: number;

  @InInteger({ description: 'Memory in bytes.', ...AMOUNT })
  memory?: number;

  @InObject(() => GenericResourceInput, {
    description: 'Things of kinds of their own.',
    list: { max: 64 },
    optional: true,
  })
  genericResources?: GenericResourceInput[];
}

@InputType({ description: 'What the tasks of a service need and may use (`Resources`).' })
export class TaskResourcesInput {
  @InObject(() => TaskLimitsInput, { description: 'What each may use at most.', optional: true })
  limits?: TaskLimitsInput;

  @InObject(() => TaskReservationsInput, {
    description: 'What a node must have free for each.',
    optional: true,
  })
  reservations?: TaskReservationsInput;

  @InInteger({
    description: 'Swap in bytes, with a limit of memory only; -1 for no limit. From API 1.52.',
    min: -1,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
  })
  swapBytes?: number;

  @InInteger({
    description: 'How readily the kernel swaps, 0 to 100; -1 for the default. From API 1.52.',
    min: -1,
    max: 100,
    optional: true,
  })
  memorySwappiness?: number;
}

@InputType({ description: 'A network that the tasks of a service are on (`Networks`).' })
export class ServiceNetworkInput {
  @InText({
    description: 'The id or name of a network of the swarm, or `host`.',
    max: 255,
    min: 1,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
    patternHint: 'a network id or name',
    example: 'backend',
  })
  network!: string;

  @InText({
    description: 'More names of the service on this network.',
    max: 255,
    min: 1,
    list: { max: 64 },
    optional: true,
  })
  aliases?: string[];

  @InTextMap({
    description: 'Options that the network driver understands.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  driverOptions?: Record<string, string>;
}
