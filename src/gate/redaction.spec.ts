import { describe, expect, it } from '@jest/globals';
import type { ConfigDocument, ServiceDocument, ServiceSpec } from '../state/swarm-documents.js';
import {
  configWithoutData,
  serviceRecordWithoutEnvironment,
  serviceWithoutEnvironment,
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
