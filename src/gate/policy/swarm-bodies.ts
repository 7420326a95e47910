import { flag, integer, list, map, object, text } from './body-shape.js';

/** A plugin by its name, and what it is told. */
const DRIVER = object({ Name: text, Options: map(text) });

/** The body of SecretCreate and SecretUpdate (Engine API 1.41–1.55). */
export const SECRET_BODY = object({
  Name: text,
  Labels: map(text),
  Data: text,
  Driver: DRIVER,
  Templating: DRIVER,
});

/** The body of ConfigCreate and ConfigUpdate. */
export const CONFIG_BODY = object({ Name: text, Labels: map(text), Data: text, Templating: DRIVER });

/** The body of NodeUpdate. */
export const NODE_BODY = object({ Name: text, Labels: map(text), Role: text, Availability: text });

/** The body of SwarmUpdate, and a part of that of SwarmInit. */
export const SWARM_SPEC_BODY = object({
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
  TaskDefaults: object({ LogDriver: DRIVER }),
});

/** The body of SwarmInit. Clients send `AutoLockManagers` besides, of which engines take no notice. */
export const SWARM_INIT_BODY = object({
  ListenAddr: text,
  AdvertiseAddr: text,
  DataPathAddr: text,
  DataPathPort: integer,
  DefaultAddrPool: list(text),
  SubnetSize: integer,
  ForceNewCluster: flag,
  AutoLockManagers: flag,
  Availability: text,
  Spec: SWARM_SPEC_BODY,
});

/** The body of SwarmJoin. */
export const SWARM_JOIN_BODY = object({
  ListenAddr: text,
  AdvertiseAddr: text,
  DataPathAddr: text,
  RemoteAddrs: list(text),
  JoinToken: text,
  Availability: text,
});

/** The body of SwarmUnlock. */
export const SWARM_UNLOCK_BODY = object({ UnlockKey: text });
