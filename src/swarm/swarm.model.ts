import { ObjectType } from '@nestjs/graphql';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutInteger,
  OutJson,
  OutNumber,
  OutObject,
  OutText,
} from '../common/output-fields.js';
import { OfSwarm } from './swarm-object.model.js';
import { MEMBERSHIP_STATES } from './swarm-words.js';

@ObjectType({ description: 'How the managers of a swarm agree with each other.' })
export class SwarmRaft {
  @OutBigInteger('After how many entries of the log a snapshot is written.')
  snapshotInterval!: number;

  @OutBigInteger('How many snapshots are kept beside the newest.')
  keepOldSnapshots!: number;

  @OutBigInteger('How many entries of the log are kept for managers that are behind.')
  logEntriesForSlowFollowers!: number;

  @OutInteger(
    'How many ticks, of a second as a rule, a manager waits for its leader before it stands for election.',
  )
  electionTick!: number;

  @OutInteger('How many ticks there are between two heartbeats of the leader.')
  heartbeatTick!: number;
}

@ObjectType({ description: 'A certificate authority outside of the swarm, which signs for it.' })
export class SwarmExternalCa {
  @OutText('The protocol that it speaks: `cfssl`.')
  protocol!: string;

  @OutText('Where certificates are asked for.')
  url!: string;

  @OutText('Its own root certificate in PEM; null for that of the swarm.', { nullable: true })
  caCertificate!: string | null;
}

@ObjectType({ description: 'The log driver of tasks whose service names none. Its options are not shown.' })
export class SwarmLogDriver {
  @OutText('The name of the driver.')
  name!: string;
}

@ObjectType({ description: 'The certificates by which the nodes of a swarm know each other.' })
export class SwarmTls {
  @OutText('The root certificate in PEM.')
  trustRoot!: string;

  @OutText('The subject of what signs for it, as base64 of its DER.')
  issuerSubject!: string;

  @OutText('The public key of what signs for it, as base64 of its DER.')
  issuerPublicKey!: string;
}

@ObjectType({ description: 'A swarm. Its join tokens and its unlock key are asked for by themselves.' })
export class Swarm extends OfSwarm {
  @OutInteger('How many ended tasks are kept of each replica; negative for all.')
  taskHistoryRetentionLimit!: number;

  @OutObject(() => SwarmRaft, 'How its managers agree with each other.')
  raft!: SwarmRaft;

  @OutNumber('How many seconds there are between two heartbeats of a node.')
  heartbeatSeconds!: number;

  @OutNumber('For how many seconds a node’s certificate is good.')
  nodeCertExpirySeconds!: number;

  @OutObject(() => SwarmExternalCa, 'Certificate authorities that sign in the place of its own.', {
    list: true,
  })
  externalCas!: SwarmExternalCa[];

  @OutBoolean('Whether managers are locked when they start, until they are given the unlock key.')
  autoLockManagers!: boolean;

  @OutObject(
    () => SwarmLogDriver,
    'The log driver of tasks whose service names none; null for the engine’s.',
    {
      nullable: true,
    },
  )
  taskLogDriver!: SwarmLogDriver | null;

  @OutText('Pools that networks of the swarm get their subnets from.', { list: true })
  defaultAddressPools!: string[];

  @OutInteger('The prefix length of those subnets.')
  subnetSize!: number;

  @OutInteger('The UDP port by which containers on different nodes talk.')
  dataPathPort!: number;

  @OutObject(() => SwarmTls, 'The certificates by which its nodes know each other.')
  tls!: SwarmTls;

  @OutBoolean('Whether its root certificate is being replaced: nodes get new certificates one by one.')
  rootRotationInProgress!: boolean;

  @OutJson(
    "The engine's own document, as SwarmInspect answers it, without join tokens, keys, and options that may hold secrets.",
  )
  raw!: unknown;
}

@ObjectType({ description: 'A manager of a swarm, as an engine knows it.' })
export class SwarmManager {
  @OutText('The id of its node.')
  nodeId!: string;

  @OutText('Where it is reached.')
  address!: string;
}

@ObjectType({
  description: 'What an engine is to a swarm. Also answered where it is in none, locked, or a worker.',
})
export class SwarmMembership {
  @OutText('The name of the engine.')
  engine!: string;

  @OutChoice(
    MEMBERSHIP_STATES,
    '`inactive`: it is in none. `pending`: it is joining. `locked`: it needs the unlock key.',
  )
  state!: string;

  @OutText('The id of its node; null where it is none.', { nullable: true })
  nodeId!: string | null;

  @OutText('Where the others reach it; null where it is no node.', { nullable: true })
  nodeAddress!: string | null;

  @OutBoolean('Whether it is a manager: only one of those can be asked about the swarm.')
  manager!: boolean;

  @OutText('What went wrong; null for nothing.', { nullable: true })
  error!: string | null;

  @OutObject(() => SwarmManager, 'The managers that it knows.', { list: true })
  managers!: SwarmManager[];

  @OutInteger('How many nodes the swarm has; null where only a manager would know.', { nullable: true })
  nodeCount!: number | null;

  @OutInteger('How many of them are managers; null where only a manager would know.', { nullable: true })
  managerCount!: number | null;
}

@ObjectType({ description: 'With these, machines join the swarm. Whoever has one can.' })
export class SwarmJoinTokens {
  @OutText('Makes a machine a worker.')
  worker!: string;

  @OutText('Makes a machine a manager, which may do everything in the swarm.')
  manager!: string;
}

@ObjectType({ description: 'With this, managers are unlocked after a restart.' })
export class SwarmUnlockKey {
  @OutText('The key; null where managers are not locked.', { nullable: true })
  unlockKey!: string | null;
}
