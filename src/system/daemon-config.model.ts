import { InputType, ObjectType } from '@nestjs/graphql';
import { InText } from '../common/input-fields.js';
import { OutBoolean, OutChoice, OutInteger, OutObject, OutText } from '../common/output-fields.js';

export const ADVICE_LEVELS = ['info', 'warning', 'danger'] as const;

@ObjectType({ description: 'A range of addresses that networks are given theirs from.' })
export class AddressPool {
  @OutText('The range: `172.30.0.0/16`.')
  base!: string;

  @OutInteger('The length of the prefix of each network.')
  size!: number;
}

@ObjectType({ description: 'Advice about a setting of an engine.' })
export class DaemonAdvice {
  @OutText('The check that it comes from, for programs.')
  name!: string;

  @OutChoice(ADVICE_LEVELS, 'How much it matters.')
  level!: (typeof ADVICE_LEVELS)[number];

  @OutText('The key of daemon.json that it is about; null where it is none.', { nullable: true })
  key!: string | null;

  @OutText('What is wrong, and what to do about it.')
  message!: string;
}

@ObjectType({ description: 'How an engine is set up, as far as it tells.' })
export class DaemonConfig {
  @OutText('The folder that holds all that it keeps.')
  dataRoot!: string;

  @OutText('The storage driver.')
  storageDriver!: string;

  @OutText('The file system below the storage driver; null where it is not told.', { nullable: true })
  backingFilesystem!: string | null;

  @OutText('The log driver of containers that choose none.')
  logDriver!: string;

  @OutText('The driver of control groups; null where there is none.', { nullable: true })
  cgroupDriver!: string | null;

  @OutText('The version of control groups; null where there is none.', { nullable: true })
  cgroupVersion!: string | null;

  @OutText('The runtime of containers that choose none.')
  defaultRuntime!: string;

  @OutText('The runtimes that there are.', { list: true })
  runtimes!: string[];

  @OutText('The subnets of the default bridge; empty where there is none, or you may not see it.', {
    list: true,
  })
  defaultBridgeSubnets!: string[];

  @OutObject(() => AddressPool, 'Where networks get their addresses from; empty for the ranges built in.', {
    list: true,
  })
  addressPools!: AddressPool[];

  @OutText('Name servers of containers; null, because the engine tells of none.', {
    list: true,
    nullable: true,
  })
  dns!: string[] | null;

  @OutText('Mirrors of Docker Hub.', { list: true })
  registryMirrors!: string[];

  @OutText('Registries that are spoken to without TLS, or without verifying it.', { list: true })
  insecureRegistries!: string[];

  @OutBoolean('Whether containers go on while the engine is restarted.')
  liveRestore!: boolean;

  @OutBoolean('Whether the engine writes what it does in detail.')
  debug!: boolean;

  @OutBoolean('Whether features that are not finished are switched on.')
  experimental!: boolean;

  @OutBoolean('Whether users of containers are other users on the host.')
  usernsRemap!: boolean;

  @OutBoolean('Whether the engine itself runs without being root.')
  rootless!: boolean;

  @OutText('What rules of packets are written by: iptables, nftables, …; null where it is not told.', {
    nullable: true,
  })
  firewallBackend!: string | null;

  @OutText('What the engine goes through to the internet, without user and password; null for none.', {
    nullable: true,
  })
  httpProxy!: string | null;

  @OutText('The same for https.', { nullable: true })
  httpsProxy!: string | null;

  @OutText('Hosts that it goes to directly; null for none.', { nullable: true })
  noProxy!: string | null;

  @OutText('Labels of the engine, each `key=value`.', { list: true })
  labels!: string[];

  @OutObject(() => DaemonAdvice, 'What is known to hurt, the worst first.', { list: true })
  advice!: DaemonAdvice[];
}

export const FINDING_KINDS = [
  'syntax',
  'duplicateKey',
  'unknownKey',
  'removedKey',
  'wrongType',
  'invalidValue',
  'conflict',
  'danger',
] as const;
export const FINDING_SEVERITIES = ['error', 'warning'] as const;

@ObjectType({ description: 'Something about a proposed daemon.json.' })
export class DaemonConfigFinding {
  @OutText('The key that it is about, with dots between the levels; empty for the whole.')
  key!: string;

  @OutChoice(FINDING_KINDS, 'What is wrong.')
  kind!: (typeof FINDING_KINDS)[number];

  @OutChoice(
    FINDING_SEVERITIES,
    'error: the engine would not start with it. warning: it would, but look at it.',
  )
  severity!: (typeof FINDING_SEVERITIES)[number];

  @OutText('What it is in words.')
  message!: string;
}

@ObjectType({ description: 'What there is to say about a proposed daemon.json.' })
export class DaemonConfigValidation {
  @OutBoolean('Whether there are no errors.')
  valid!: boolean;

  @OutObject(() => DaemonConfigFinding, 'What was found.', { list: true })
  findings!: DaemonConfigFinding[];

  @OutText('Keys that the engine takes over when it is told to reload (SIGHUP).', { list: true })
  reload!: string[];

  @OutText('Keys that need the engine to be restarted.', { list: true })
  restart!: string[];
}

@InputType({ description: 'A proposed daemon.json.' })
export class ValidateDaemonConfigInput {
  @InText({
    description: 'The text of the file.',
    min: 1,
    max: 262_144,
    multiline: true,
    example: '{"live-restore": true}',
  })
  content!: string;
}
