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
import { InSwarmLabels, InVersion } from './swarm-fields.js';

const AVAILABILITIES = ['active', 'pause', 'drain'] as const;
type Availability = (typeof AVAILABILITIES)[number];

const MOST = 2 ** 31 - 1;
const YEAR_S = 31_536_000;

/** The input field of an address of this machine, or of one of its interfaces. */
const InAddress = (description: string): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 262,
    pattern: /^[a-zA-Z0-9._:@[\]%-]+$/,
    patternHint: 'an address or interface, with a port where one is wanted',
    optional: true,
    example: '192.0.2.1:2377',
  });

const InAvailability = (): PropertyDecorator =>
  InChoice({
    description: 'Whether tasks are given to this node. Default: `active`.',
    values: AVAILABILITIES,
    optional: true,
  });

/** The input field of a certificate or key. */
const InPem = (description: string): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 65_536,
    pattern: /^\s*-----BEGIN [A-Z0-9 ]+-----[^]*-----END [A-Z0-9 ]+-----\s*$/,
    patternHint: 'in PEM',
    multiline: true,
    optional: true,
    example: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  });

@InputType({ description: 'How the managers of a swarm agree with each other. What is left out stays.' })
export class SwarmRaftInput {
  @InInteger({
    description: 'After how many entries of the log a snapshot is written.',
    min: 1,
    max: MOST,
    optional: true,
  })
  snapshotInterval?: number;

  @InInteger({
    description: 'How many snapshots are kept beside the newest.',
    min: 0,
    max: 1_000_000,
    optional: true,
  })
  keepOldSnapshots?: number;

  @InInteger({
    description: 'How many entries of the log are kept for managers that are behind.',
    min: 1,
    max: MOST,
    optional: true,
  })
  logEntriesForSlowFollowers?: number;

  @InInteger({
    description:
      'How many ticks, of a second as a rule, a manager waits for its leader. It must be more than `heartbeatTick`.',
    min: 2,
    max: 3_600,
    optional: true,
    example: 10,
  })
  electionTick?: number;

  @InInteger({
    description: 'How many ticks there are between two heartbeats of the leader.',
    min: 1,
    max: 3_599,
    optional: true,
  })
  heartbeatTick?: number;
}

@InputType({ description: 'A certificate authority outside of the swarm, which signs for it.' })
export class SwarmExternalCaInput {
  @InText({
    description: 'Where certificates are asked for, by the protocol of cfssl.',
    min: 9,
    max: 2_048,
    pattern: /^https:\/\/[^\s/]+(?:\/\S*)?$/,
    patternHint: 'an https address',
    example: 'https://ca.example.com/api/v1/cfssl/sign',
  })
  url!: string;

  @InTextMap({
    description: 'Options that it understands. They are not shown again.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  options?: Record<string, string>;

  @InPem('Its own root certificate in PEM. Default: that of the swarm.')
  caCertificate?: string;
}

@InputType({ description: 'The log driver of tasks whose service names none.' })
export class SwarmLogDriverInput {
  @InText({
    description: 'The name of the driver.',
    min: 1,
    max: 255,
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.:/-]*$/,
    patternHint: 'the name of a log driver',
    example: 'json-file',
  })
  name!: string;

  @InTextMap({
    description: 'Options of the driver.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  options?: Record<string, string>;
}

/** What of a swarm can be chosen, when it is made and later. */
@InputType({ isAbstract: true })
export abstract class SwarmSpecInput {
  @InSwarmLabels('All labels of the swarm: those that are left out are taken away.')
  labels?: Record<string, string>;

  @InInteger({
    description: 'How many ended tasks are kept of each replica; negative for all.',
    min: -1,
    max: 10_000,
    optional: true,
  })
  taskHistoryRetentionLimit?: number;

  @InObject(() => SwarmRaftInput, { description: 'How its managers agree.', optional: true })
  raft?: SwarmRaftInput;

  @InNumber({
    description: 'How many seconds there are between two heartbeats of a node.',
    min: 0.1,
    max: 3_600,
    optional: true,
    example: 5,
  })
  heartbeatSeconds?: number;

  @InInteger({
    description: 'For how many seconds a node’s certificate is good: an hour at least.',
    min: 3_600,
    max: 10 * YEAR_S,
    optional: true,
    example: 7_776_000,
  })
  nodeCertExpirySeconds?: number;

  @InObject(() => SwarmExternalCaInput, {
    description: 'All certificate authorities that sign in the place of its own.',
    list: { max: 16 },
    optional: true,
  })
  externalCas?: SwarmExternalCaInput[];

  @InBoolean({
    description: 'Whether managers are locked when they start, until they are given the unlock key.',
    optional: true,
  })
  autoLockManagers?: boolean;

  @InObject(() => SwarmLogDriverInput, {
    description: 'The log driver of tasks whose service names none.',
    optional: true,
  })
  taskLogDriver?: SwarmLogDriverInput;
}

@InputType({ description: 'A swarm to make, with this engine as its first manager.' })
export class InitSwarmInput extends SwarmSpecInput {
  @InAddress('Where to listen for the other managers. Default: `0.0.0.0:2377`.')
  listenAddress?: string;

  @InAddress('Where the others reach this node. Default: its address, where it has just one.')
  advertiseAddress?: string;

  @InAddress('Where containers of other nodes reach those of this one. Default: as `advertiseAddress`.')
  dataPathAddress?: string;

  @InInteger({
    description: 'The UDP port by which containers on different nodes talk. Default: 4789.',
    min: 1_024,
    max: 49_151,
    optional: true,
    example: 4_789,
  })
  dataPathPort?: number;

  @InText({
    description: 'Pools that networks of the swarm get their subnets from. Default: `10.0.0.0/8`.',
    min: 3,
    max: 49,
    pattern: /^[0-9a-fA-F:.]{2,45}\/\d{1,3}$/,
    patternHint: 'a range of addresses, such as 10.20.0.0/16',
    list: { max: 16 },
    optional: true,
    example: ['10.20.0.0/16'],
  })
  defaultAddressPools?: string[];

  @InInteger({
    description: 'The prefix length of those subnets. Default: 24.',
    min: 1,
    max: 29,
    optional: true,
    example: 24,
  })
  subnetSize?: number;

  @InAvailability()
  availability?: Availability;

  @InBoolean({
    description:
      'Whether to go on alone with what this manager knows of a swarm whose other managers are lost for good. Default: false.',
    optional: true,
  })
  forceNewCluster?: boolean;
}

@InputType({ description: 'A swarm to join, with this engine.' })
export class JoinSwarmInput {
  @InText({
    description: 'Managers of the swarm, each `host:port`. One is enough.',
    min: 1,
    max: 262,
    pattern: /^[a-zA-Z0-9._:[\]%-]+$/,
    patternHint: 'an address of a manager',
    list: { min: 1, max: 16 },
    example: ['192.0.2.1:2377'],
  })
  managers!: string[];

  @InText({
    description: 'A join token of the swarm: which one says whether as a worker or as a manager.',
    min: 1,
    max: 512,
    pattern: /^[A-Za-z0-9-]+$/,
    patternHint: 'a join token',
    example: 'SWMTKN-1-2y1f-3x9k',
  })
  joinToken!: string;

  @InAddress('Where to listen for managers. Default: `0.0.0.0:2377`.')
  listenAddress?: string;

  @InAddress('Where the others reach this node. Default: its address, where it has just one.')
  advertiseAddress?: string;

  @InAddress('Where containers of other nodes reach those of this one. Default: as `advertiseAddress`.')
  dataPathAddress?: string;

  @InAvailability()
  availability?: Availability;
}

@InputType({ description: 'How an engine leaves its swarm.' })
export class LeaveSwarmInput {
  @InBoolean({
    description:
      'Whether to leave also as a manager. The last one takes all there is in the swarm along; one that is needed for the quorum stops it. Default: false.',
    optional: true,
  })
  force?: boolean;
}

@InputType({ description: 'What to change of a swarm. What is left out stays.' })
export class UpdateSwarmInput extends SwarmSpecInput {
  @InVersion()
  version?: number;
}

@InputType({ description: 'The key of a locked swarm.' })
export class UnlockSwarmInput {
  @InText({
    description: 'The unlock key.',
    min: 1,
    max: 256,
    pattern: /^[A-Za-z0-9+/=-]+$/,
    patternHint: 'an unlock key',
    example: 'SWMKEY-1-7c37Cc8654o6p38HnroywCi19pllOnGtbdZEgtKxZu8',
  })
  unlockKey!: string;
}

@InputType({ description: 'Which join tokens to replace. Those that there were are good for nothing then.' })
export class RotateJoinTokensInput {
  @InBoolean({ description: 'That of workers. Default: false.', optional: true })
  worker?: boolean;

  @InBoolean({ description: 'That of managers. Default: false.', optional: true })
  manager?: boolean;
}

@InputType({
  description: 'The new certificate authority of a swarm. Default: one that the swarm makes itself.',
})
export class RotateSwarmCaInput {
  @InPem('The new root certificate in PEM.')
  signingCaCertificate?: string;

  @InPem('Its key in PEM. It is not shown again.')
  signingCaKey?: string;

  @InObject(() => SwarmExternalCaInput, {
    description: 'What signs with it in the place of the swarm itself.',
    list: { max: 16 },
    optional: true,
  })
  externalCas?: SwarmExternalCaInput[];
}
