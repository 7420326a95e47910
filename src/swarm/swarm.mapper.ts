import { DomainError } from '../common/errors.js';
import { type EngineDocument, present } from '../containers/engine-document.js';
import type { ExternalCaDocument, SwarmDocument, SwarmInfo, SwarmSpecDocument } from './swarm-documents.js';
import { toOfSwarm } from './swarm-object.model.js';
import type {
  InitSwarmInput,
  JoinSwarmInput,
  RotateSwarmCaInput,
  SwarmExternalCaInput,
  SwarmSpecInput,
} from './swarm.inputs.js';
import type { Swarm, SwarmMembership } from './swarm.model.js';

const NANO = 1e9;
const ANY_ADDRESS = '0.0.0.0:2377';
/** What SwarmKit does unless told otherwise. */
const DEFAULTS = { electionTick: 10, heartbeatTick: 1, dataPathPort: 4_789 };

/** A swarm as everybody sees it who may see it: without tokens and keys, and without options, which may hold some. */
export function toSwarm(engine: string, document: SwarmDocument): Swarm {
  const { Spec, TLSInfo: tls, RootRotationInProgress = false } = document;
  const { Raft: raft, CAConfig: ca, Dispatcher: dispatcher, TaskDefaults: defaults } = Spec;
  const log = defaults?.LogDriver;
  return {
    ...toOfSwarm(engine, document, Spec.Labels as Record<string, string> | null | undefined),
    taskHistoryRetentionLimit: Spec.Orchestration?.TaskHistoryRetentionLimit ?? 0,
    raft: {
      snapshotInterval: raft?.SnapshotInterval ?? 0,
      keepOldSnapshots: raft?.KeepOldSnapshots ?? 0,
      logEntriesForSlowFollowers: raft?.LogEntriesForSlowFollowers ?? 0,
      electionTick: raft?.ElectionTick ?? 0,
      heartbeatTick: raft?.HeartbeatTick ?? 0,
    },
    heartbeatSeconds: (dispatcher?.HeartbeatPeriod ?? 0) / NANO,
    nodeCertExpirySeconds: (ca?.NodeCertExpiry ?? 0) / NANO,
    externalCas: (ca?.ExternalCAs ?? []).map(({ Protocol, URL: url, CACert }) => ({
      protocol: Protocol ?? '',
      url: url ?? '',
      caCertificate: orNull(CACert),
    })),
    autoLockManagers: Spec.EncryptionConfig?.AutoLockManagers === true,
    taskLogDriver: log?.Name === undefined || log.Name === null ? null : { name: log.Name },
    defaultAddressPools: [...(document.DefaultAddrPool ?? [])],
    subnetSize: document.SubnetSize ?? 0,
    dataPathPort: document.DataPathPort === 0 ? DEFAULTS.dataPathPort : (document.DataPathPort ?? 0),
    tls: {
      trustRoot: tls?.TrustRoot ?? '',
      issuerSubject: tls?.CertIssuerSubject ?? '',
      issuerPublicKey: tls?.CertIssuerPublicKey ?? '',
    },
    rootRotationInProgress: RootRotationInProgress,
    raw: withoutSecrets(document),
  };
}

function withoutSecrets({ JoinTokens, ...document }: SwarmDocument): object {
  const { CAConfig, TaskDefaults, ...spec } = document.Spec;
  const { SigningCAKey, ExternalCAs, ...ca } = CAConfig ?? {};
  const externalCas = ExternalCAs?.map(({ Options, ...each }) => each);
  const log = TaskDefaults?.LogDriver;
  return {
    ...document,
    Spec: {
      ...spec,
      CAConfig: { ...ca, ...(externalCas ? { ExternalCAs: externalCas } : {}) },
      TaskDefaults: log ? { LogDriver: { Name: log.Name } } : {},
    },
  };
}

export function toMembership(engine: string, info: SwarmInfo): SwarmMembership {
  return {
    engine,
    state: orNull(info.LocalNodeState) ?? 'inactive',
    nodeId: orNull(info.NodeID),
    nodeAddress: orNull(info.NodeAddr),
    manager: info.ControlAvailable === true,
    error: orNull(info.Error),
    managers: (info.RemoteManagers ?? []).map(({ NodeID, Addr }) => ({
      nodeId: NodeID ?? '',
      address: Addr ?? '',
    })),
    nodeCount: info.ControlAvailable === true ? (info.Nodes ?? null) : null,
    managerCount: info.ControlAvailable === true ? (info.Managers ?? null) : null,
  };
}

/** The body of SwarmInit. */
export function toInitBody(input: InitSwarmInput): EngineDocument {
  return present({
    ListenAddr: input.listenAddress ?? ANY_ADDRESS,
    AdvertiseAddr: input.advertiseAddress,
    DataPathAddr: input.dataPathAddress,
    DataPathPort: input.dataPathPort,
    DefaultAddrPool: input.defaultAddressPools,
    SubnetSize: input.subnetSize,
    Availability: input.availability,
    ForceNewCluster: input.forceNewCluster,
    Spec: toSpec({}, input),
  });
}

/** The body of SwarmJoin. */
export function toJoinBody(input: JoinSwarmInput): EngineDocument {
  return present({
    ListenAddr: input.listenAddress ?? ANY_ADDRESS,
    AdvertiseAddr: input.advertiseAddress,
    DataPathAddr: input.dataPathAddress,
    RemoteAddrs: input.managers,
    JoinToken: input.joinToken,
    Availability: input.availability,
  });
}

/**
 * `SwarmSpec` as it is to be: what it was, and what is given.
 *
 * @throws DomainError `invalid_input` for managers that would stand for election before they could hear of their leader
 */
export function toSpec(spec: SwarmSpecDocument, input: SwarmSpecInput): EngineDocument {
  const { raft, heartbeatSeconds: heartbeat, nodeCertExpirySeconds: expiry, taskLogDriver: log } = input;
  const electionTick = raft?.electionTick ?? spec.Raft?.ElectionTick ?? DEFAULTS.electionTick;
  const heartbeatTick = raft?.heartbeatTick ?? spec.Raft?.HeartbeatTick ?? DEFAULTS.heartbeatTick;
  if (raft && electionTick <= heartbeatTick) {
    const message = 'raft.electionTick must be more than `heartbeatTick`';
    throw new DomainError('invalid_input', message, { errors: [{ field: 'raft.electionTick', message }] });
  }
  return present({
    ...spec,
    Labels: input.labels ?? spec.Labels ?? undefined,
    Orchestration: merged(spec.Orchestration, {
      TaskHistoryRetentionLimit: input.taskHistoryRetentionLimit,
    }),
    Raft: merged(spec.Raft, {
      SnapshotInterval: raft?.snapshotInterval,
      KeepOldSnapshots: raft?.keepOldSnapshots,
      LogEntriesForSlowFollowers: raft?.logEntriesForSlowFollowers,
      ElectionTick: raft?.electionTick,
      HeartbeatTick: raft?.heartbeatTick,
    }),
    Dispatcher: merged(spec.Dispatcher, { HeartbeatPeriod: nanoseconds(heartbeat) }),
    CAConfig: merged(spec.CAConfig, {
      NodeCertExpiry: nanoseconds(expiry),
      ExternalCAs: input.externalCas?.map(toExternalCa),
    }),
    EncryptionConfig: merged(spec.EncryptionConfig, { AutoLockManagers: input.autoLockManagers }),
    TaskDefaults: log
      ? { LogDriver: present({ Name: log.name, Options: log.options }) }
      : (spec.TaskDefaults ?? undefined),
  });
}

/** `SwarmSpec` with a new certificate authority. */
export function withNewCa(spec: SwarmSpecDocument, input: RotateSwarmCaInput): EngineDocument {
  const { SigningCACert, SigningCAKey, ExternalCAs, ...ca } = spec.CAConfig ?? {};
  return {
    ...spec,
    CAConfig: present({
      ...ca,
      SigningCACert: input.signingCaCertificate,
      SigningCAKey: input.signingCaKey,
      ExternalCAs: input.externalCas?.map(toExternalCa) ?? ExternalCAs ?? undefined,
      ForceRotate: (ca.ForceRotate ?? 0) + 1,
    }),
  };
}

function toExternalCa({ url, options, caCertificate }: SwarmExternalCaInput): ExternalCaDocument {
  return present({ Protocol: 'cfssl', URL: url, Options: options, CACert: caCertificate });
}

/** Undefined where there is nothing in it: the engine's defaults then hold. */
function merged(known: object | null | undefined, given: EngineDocument): EngineDocument | undefined {
  const document = { ...known, ...present(given) };
  return Object.keys(document).length > 0 ? document : undefined;
}

function nanoseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * NANO);
}

function orNull(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
