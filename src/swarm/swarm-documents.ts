import type { Loose } from '../containers/engine-document.js';
import type { SwarmObject } from '../gate/engine-handle.js';

/** A certificate authority outside of the swarm. */
export type ExternalCaDocument = Loose<{
  Protocol: string;
  URL: string;
  Options: Record<string, string>;
  CACert: string;
}>;

/** `SwarmSpec`. Durations are nanoseconds. */
export type SwarmSpecDocument = Loose<{
  Name: string;
  Labels: Record<string, string>;
  Orchestration: { TaskHistoryRetentionLimit: number };
  Raft: {
    SnapshotInterval: number;
    KeepOldSnapshots: number;
    LogEntriesForSlowFollowers: number;
    ElectionTick: number;
    HeartbeatTick: number;
  };
  Dispatcher: { HeartbeatPeriod: number };
  CAConfig: {
    NodeCertExpiry: number;
    ExternalCAs: {
      Protocol: string;
      URL: string;
      Options: Record<string, string>;
      CACert: string;
    }[];
    SigningCACert: string;
    SigningCAKey: string;
    ForceRotate: number;
  };
  EncryptionConfig: { AutoLockManagers: boolean };
  TaskDefaults: { LogDriver: { Name: string; Options: Record<string, string> } };
}>;

/** SwarmInspect. */
export interface SwarmDocument extends SwarmObject {
  readonly Spec: SwarmSpecDocument;
  readonly TLSInfo?: Loose<{ TrustRoot: string; CertIssuerSubject: string; CertIssuerPublicKey: string }>;
  readonly RootRotationInProgress?: boolean;
  readonly DefaultAddrPool?: readonly string[] | null;
  readonly SubnetSize?: number;
  readonly DataPathPort?: number;
  /** Only for who may read them. */
  readonly JoinTokens?: { readonly Worker: string; readonly Manager: string };
}

/** What SystemInfo tells of the swarm. */
export type SwarmInfo = Loose<{
  NodeID: string;
  NodeAddr: string;
  LocalNodeState: string;
  ControlAvailable: boolean;
  Error: string;
  RemoteManagers: { NodeID: string; Addr: string }[];
  Nodes: number;
  Managers: number;
}>;
