import { describe, expect, it } from '@jest/globals';
import type {
  ConfigDocument,
  SecretDocument,
  ServiceDocument,
  ServiceSpec,
} from '../state/swarm-documents.js';
import {
  configWithoutData,
  infoWithoutSwarmOptions,
  secretRecordWithoutOptions,
  secretWithoutOptions,
  serviceRecordWithoutEnvironment,
  serviceWithoutEnvironment,
  swarmWithoutOptions,
  taskWithoutEnvironment,
} from './redaction.js';

const SECRET = 'hunter2';

const SPEC: ServiceSpec = {
  Name: 'web',
  Labels: { team: 'shop' },
  TaskTemplate: {
    ContainerSpec: {
      Image: 'busybox',
      Env: [`PASSWORD=${SECRET}`],
      Args: ['httpd'],
      Mounts: [
        { Type: 'bind', Source: `/home/${SECRET}`, Target: '/data' },
        {
          Type: 'volume',
          Source: 'files',
          Target: '/files',
          VolumeOptions: {
            NoCopy: true,
            DriverConfig: { Name: 'local', Options: { o: `password=${SECRET}` } },
          },
        },
      ],
    },
    LogDriver: { Name: 'splunk', Options: { 'splunk-token': SECRET } },
    PluginSpec: { env: [SECRET] },
  },
};

const SERVICE: ServiceDocument = {
  ID: 'a',
  Version: { Index: 3 },
  CreatedAt: '',
  UpdatedAt: '',
  Spec: SPEC,
  PreviousSpec: SPEC,
};

describe('a service for who may not read its environment', () => {
  it('holds no environment, option or place of the host, now and before', () => {
    const shown = serviceWithoutEnvironment(SERVICE);
    expect(JSON.stringify(SERVICE)).toContain(SECRET);
    expect(JSON.stringify(shown)).not.toContain(SECRET);
  });

  it('keeps all else', () => {
    const { Spec, PreviousSpec } = serviceWithoutEnvironment(SERVICE);
    expect(Spec).toEqual(PreviousSpec);
    expect(Spec).toMatchObject({
      Name: 'web',
      Labels: { team: 'shop' },
      TaskTemplate: {
        ContainerSpec: {
          Image: 'busybox',
          Args: ['httpd'],
          Mounts: [
            { Target: '/data' },
            { Source: 'files', Target: '/files', VolumeOptions: { NoCopy: true } },
          ],
        },
        LogDriver: { Name: 'splunk' },
      },
    });
  });

  it('is the same record for the same record, so that what was made of it holds', () => {
    const record = { id: 'a', name: 'web', labels: {}, createdAt: 0, kept: SERVICE };
    const shown = serviceRecordWithoutEnvironment(record);
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(serviceRecordWithoutEnvironment(record)).toBe(shown);
  });

  it('of a service that says nothing of these is as it was', () => {
    const bare = { ...SERVICE, Spec: { Name: 'bare' }, PreviousSpec: null };
    expect(serviceWithoutEnvironment(bare)).toEqual(bare);
  });
});

describe('a task for who may not read its environment', () => {
  it('holds none', () => {
    const { PluginSpec, ...Spec } = SPEC.TaskTemplate ?? {};
    const task = { ID: 't', Spec, Status: { State: 'running' } };
    const shown = taskWithoutEnvironment(task);
    expect(JSON.stringify(shown)).not.toContain(SECRET);
    expect(shown.Status).toEqual({ State: 'running' });
  });
});

describe('a config for who may not read its data', () => {
  it('keeps its name and labels', () => {
    const config: ConfigDocument = { ...SERVICE, Spec: { Name: 'c', Labels: { a: 'b' }, Data: SECRET } };
    expect(configWithoutData(config).Spec).toEqual({ Name: 'c', Labels: { a: 'b' } });
  });
});

describe('a secret for who may not change it', () => {
  const secret: SecretDocument = {
    ID: 's',
    Version: { Index: 1 },
    CreatedAt: '',
    UpdatedAt: '',
    Spec: { Name: 's', Driver: { Name: 'vault', Options: { token: SECRET } } },
  };

  it('keeps the name of its driver, and no options', () => {
    expect(secretWithoutOptions(secret).Spec).toEqual({ Name: 's', Driver: { Name: 'vault', Options: {} } });
    const record = { id: 's', name: 's', labels: {}, createdAt: 0, kept: secret };
    expect(JSON.stringify(secretRecordWithoutOptions(record))).not.toContain(SECRET);
  });

  it('of a secret that the swarm keeps is as it was', () => {
    const kept = { ...secret, Spec: { Name: 's' } };
    expect(secretWithoutOptions(kept)).toBe(kept);
  });
});

describe('a swarm for who may not change it', () => {
  const swarm = {
    ID: 'swarm',
    Spec: {
      Name: 'default',
      CAConfig: { NodeCertExpiry: 1, ExternalCAs: [{ URL: 'https://ca', Options: { password: SECRET } }] },
      TaskDefaults: { LogDriver: { Name: 'splunk', Options: { 'splunk-token': SECRET } } },
    },
  };
  const shown = {
    ID: 'swarm',
    Spec: {
      Name: 'default',
      CAConfig: { NodeCertExpiry: 1, ExternalCAs: [{ URL: 'https://ca', Options: {} }] },
      TaskDefaults: { LogDriver: { Name: 'splunk', Options: {} } },
    },
  };

  it('holds no options, wherever it is told of', () => {
    expect(swarmWithoutOptions(swarm)).toEqual(shown);
    const info = { Name: 'host', Swarm: { LocalNodeState: 'active', Cluster: swarm } };
    expect(infoWithoutSwarmOptions(info)).toEqual({
      Name: 'host',
      Swarm: { LocalNodeState: 'active', Cluster: shown },
    });
  });

  it('of one that has none is as it was', () => {
    const bare = { Spec: { CAConfig: { NodeCertExpiry: 1, ExternalCAs: null }, TaskDefaults: {} } };
    expect(swarmWithoutOptions(bare)).toEqual(bare);
    const inNone = { Swarm: { LocalNodeState: 'inactive', Cluster: null } };
    expect(infoWithoutSwarmOptions(inNone)).toBe(inNone);
    expect(infoWithoutSwarmOptions({})).toEqual({});
  });
});
