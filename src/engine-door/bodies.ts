import { CONTAINER_CONFIG_BODY } from '../gate/policy/container-body.js';
import { flag, integer, list, map, object, type Shape, text } from '../gate/policy/body-shape.js';
import type { OperationId } from '../gate/operations.js';

/** What comes after a request's head: JSON, bytes that are passed on as they come, or nothing. */
export type BodyKind =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes' }
  /** @param shape undefined where the gate itself holds the body against one */
  | { readonly kind: 'json'; readonly shape: Shape<unknown> | undefined };

const NONE: BodyKind = { kind: 'none' };
const BYTES: BodyKind = { kind: 'bytes' };
/** The gate's policy reads it field by field. */
const JUDGED: BodyKind = { kind: 'json', shape: undefined };
const json = (shape: Shape<unknown>): BodyKind => ({ kind: 'json', shape });

const driver = object({ Name: text, Options: map(text) });
const privileges = list(object({ Name: text, Description: text, Value: list(text) }));

const CLUSTER_SPEC = object({
  Name: text,
  Labels: map(text),
  Orchestration: object({ TaskHistoryRetentionLimit: integer }),
  Raft: object({
    SnapshotInterval: integer,
    KeepOldSnapshots: integer,
    LogEntriesForSlowFollowers: integer,
    ElectionTick: integer,
    HeartbeatTick: integer,
  }),
  Dispatcher: object({ HeartbeatPeriod: integer }),
  CAConfig: object({
    NodeCertExpiry: integer,
    ExternalCAs: list(object({ Protocol: text, URL: text, Options: map(text), CACert: text })),
    SigningCACert: text,
    SigningCAKey: text,
    ForceRotate: integer,
  }),
  EncryptionConfig: object({ AutoLockManagers: flag }),
  TaskDefaults: object({ LogDriver: driver }),
});

const CREDENTIALS = object({
  username: text,
  password: text,
  email: text,
  auth: text,
  serveraddress: text,
  identitytoken: text,
  registrytoken: text,
});

/** The bodies of operations that have one, as Engine API 1.41 to 1.55 describe them. */
const BODIES: Readonly<Partial<Record<OperationId, BodyKind>>> = {
  SystemAuth: json(CREDENTIALS),

  ContainerCreate: JUDGED,
  ContainerUpdate: JUDGED,
  // What follows the head of an attach that is no upgrade is standard input.
  ContainerAttach: BYTES,
  ContainerExec: JUDGED,
  ExecStart: json(
    object({
      Detach: flag,
      Tty: flag,
      ConsoleSize: list(integer),
      DetachKeys: text,
      detachKeys: text,
      // Of dockerode, for itself; engines do not read them.
      hijack: flag,
      stdin: flag,
    }),
  ),
  PutContainerArchive: BYTES,

  ImageCommit: json(CONTAINER_CONFIG_BODY),
  ImageCreate: BYTES,
  ImageLoad: BYTES,
  ImageBuild: BYTES,

  NetworkCreate: JUDGED,
  NetworkConnect: JUDGED,
  NetworkDisconnect: JUDGED,
  VolumeCreate: JUDGED,
  VolumeUpdate: json(object({ Spec: object({ Availability: text }) })),

  PluginPull: json(privileges),
  PluginUpgrade: json(privileges),
  PluginCreate: BYTES,
  PluginSet: json(list(text)),

  SwarmInit: json(
    object({
      ListenAddr: text,
      AdvertiseAddr: text,
      DataPathAddr: text,
      DataPathPort: integer,
      DefaultAddrPool: list(text),
      SubnetSize: integer,
      ForceNewCluster: flag,
      Spec: CLUSTER_SPEC,
      AutoLockManagers: flag,
      Availability: text,
    }),
  ),
  SwarmJoin: json(
    object({
      ListenAddr: text,
      AdvertiseAddr: text,
      DataPathAddr: text,
      RemoteAddrs: list(text),
      JoinToken: text,
      Availability: text,
    }),
  ),
  SwarmUpdate: json(CLUSTER_SPEC),
  SwarmUnlock: json(object({ UnlockKey: text })),
  NodeUpdate: json(object({ Name: text, Labels: map(text), Role: text, Availability: text })),
  ServiceCreate: JUDGED,
  ServiceUpdate: JUDGED,
  SecretCreate: json(
    object({ Name: text, Labels: map(text), Data: text, Driver: driver, Templating: driver }),
  ),
  SecretUpdate: json(
    object({ Name: text, Labels: map(text), Data: text, Driver: driver, Templating: driver }),
  ),
  ConfigCreate: json(object({ Name: text, Labels: map(text), Data: text, Templating: driver })),
  ConfigUpdate: json(object({ Name: text, Labels: map(text), Data: text, Templating: driver })),
};

export function bodyOf(id: OperationId): BodyKind {
  return BODIES[id] ?? NONE;
}
