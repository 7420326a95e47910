import { describe, expect, it } from '@jest/globals';
import type { SwarmDocument } from './swarm-documents.js';
import { toInitBody, toMembership, toSpec, toSwarm, withNewCa } from './swarm.mapper.js';

const SECRETS = ['SWMTKN-worker', 'SWMTKN-manager', 'signing key', 'ca password', 'log password'];

const SWARM: SwarmDocument = {
  ID: 'swarm',
  Version: { Index: 12 },
  CreatedAt: '2026-01-02T03:04:05.678901234Z',
  UpdatedAt: '2026-01-02T03:04:06Z',
  JoinTokens: { Worker: 'SWMTKN-worker', Manager: 'SWMTKN-manager' },
  Spec: {
    Name: 'default',
    Labels: { a: 'b' },
    Orchestration: { TaskHistoryRetentionLimit: 5 },
    Raft: { SnapshotInterval: 10_000, ElectionTick: 10, HeartbeatTick: 1 },
    Dispatcher: { HeartbeatPeriod: 5e9 },
    CAConfig: {
      NodeCertExpiry: 7_776_000e9,
      ExternalCAs: [{ Protocol: 'cfssl', URL: 'https://ca', Options: { password: 'ca password' } }],
      SigningCACert: 'certificate',
      SigningCAKey: 'signing key',
      ForceRotate: 3,
    },
    EncryptionConfig: { AutoLockManagers: true },
    TaskDefaults: { LogDriver: { Name: 'gelf', Options: { token: 'log password' } } },
  },
  DataPathPort: 0,
  SubnetSize: 24,
};

describe('a swarm', () => {
  it('is told in seconds and without what is secret in it', () => {
    const swarm = toSwarm('local', SWARM);
    expect(swarm).toMatchObject({
      version: 12,
      createdAt: '2026-01-02T03:04:05.678Z',
      heartbeatSeconds: 5,
      nodeCertExpirySeconds: 7_776_000,
      externalCas: [{ protocol: 'cfssl', url: 'https://ca', caCertificate: null }],
      autoLockManagers: true,
      taskLogDriver: { name: 'gelf' },
      dataPathPort: 4789,
      raw: { ID: 'swarm', Spec: { Labels: { a: 'b' }, CAConfig: { SigningCACert: 'certificate' } } },
    });
    const told = JSON.stringify(swarm);
    expect(SECRETS.filter((secret) => told.includes(secret))).toEqual([]);
  });

  it('is told where the engine leaves everything out', () => {
    const bare = { ID: '', Version: { Index: 0 }, CreatedAt: '', UpdatedAt: '', Spec: {} };
    expect(toSwarm('local', bare)).toMatchObject({ externalCas: [], taskLogDriver: null, labels: {} });
  });
});

describe('the spec of a swarm', () => {
  it('stays as it is but for what is given', () => {
    const changed = toSpec(SWARM.Spec, {
      heartbeatSeconds: 1.5,
      raft: { heartbeatTick: 3 },
      taskLogDriver: { name: 'local' },
    });
    expect(changed).toEqual({
      ...SWARM.Spec,
      Dispatcher: { HeartbeatPeriod: 1.5e9 },
      Raft: { SnapshotInterval: 10_000, ElectionTick: 10, HeartbeatTick: 3 },
      TaskDefaults: { LogDriver: { Name: 'local' } },
    });
    expect(toSpec(SWARM.Spec, { labels: {}, externalCas: [] })).toMatchObject({
      Labels: {},
      CAConfig: { ExternalCAs: [], SigningCAKey: 'signing key' },
    });
  });

  it('has no managers that stand for election before they could hear of their leader', () => {
    expect(() => toSpec(SWARM.Spec, { raft: { heartbeatTick: 10 } })).toThrow(/electionTick/);
    expect(() => toSpec({}, { raft: { electionTick: 1 } })).toThrow(/electionTick/);
  });

  it('of a new one holds what is given, and leaves the rest to the engine', () => {
    expect(toInitBody({})).toEqual({ ListenAddr: '0.0.0.0:2377', Spec: {} });
    expect(toInitBody({ autoLockManagers: true, subnetSize: 25 })).toEqual({
      ListenAddr: '0.0.0.0:2377',
      SubnetSize: 25,
      Spec: { EncryptionConfig: { AutoLockManagers: true } },
    });
  });

  it('gets a new certificate authority in the place of the one that it had', () => {
    const { CAConfig } = SWARM.Spec;
    expect(withNewCa(SWARM.Spec, {})['CAConfig']).toEqual({
      NodeCertExpiry: CAConfig?.NodeCertExpiry,
      ExternalCAs: CAConfig?.ExternalCAs,
      ForceRotate: 4,
    });
    const given = { signingCaCertificate: 'new', signingCaKey: 'its key', externalCas: [] };
    expect(withNewCa({}, given)['CAConfig']).toEqual({
      SigningCACert: 'new',
      SigningCAKey: 'its key',
      ExternalCAs: [],
      ForceRotate: 1,
    });
  });
});

it('an engine that is no manager does not know how many there are', () => {
  const info = { LocalNodeState: 'active', NodeID: 'n', NodeAddr: '10.0.0.2', Nodes: 3, Managers: 1 };
  expect(toMembership('local', info)).toMatchObject({ manager: false, nodeCount: null, managerCount: null });
  expect(toMembership('local', { ...info, ControlAvailable: true })).toMatchObject({ nodeCount: 3 });
  expect(toMembership('local', {})).toMatchObject({ state: 'inactive', nodeId: null, managers: [] });
});
