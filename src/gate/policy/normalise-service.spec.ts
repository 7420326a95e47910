import { describe, expect, it } from '@jest/globals';
import type { SecurityLevel } from '../../common/security-level.js';
import { readBody } from './body-shape.js';
import { referencesOf } from './container-spec.js';
import { evaluate } from './evaluate.js';
import { normaliseService, ofService } from './normalise-service.js';
import { context } from './rules/testing.js';
import { SERVICE_BODY, type ServiceBody, type TaskBody, type TaskContainerBody } from './service-body.js';
import { judgeRuntime, usesPlugin } from './service-rules.js';

const running = (container: TaskContainerBody, rest: ServiceBody = {}): ServiceBody => ({
  ...rest,
  TaskTemplate: { ...rest.TaskTemplate, ContainerSpec: { Image: 'alpine', ...container } },
});

async function faults(
  spec: ServiceBody,
  level: SecurityLevel,
  version: '1.41' | '1.55' = '1.55',
): Promise<string[]> {
  const violations = await evaluate(normaliseService(spec, version), level, context);
  return violations.map(ofService).map(({ rule, field }) => `${rule} ${field}`);
}

const HARDENED: TaskContainerBody = {
  User: '1000:1000',
  CapabilityDrop: ['ALL'],
  Privileges: { NoNewPrivileges: true },
};
const AT = 'TaskTemplate.ContainerSpec';

describe('the containers of a service', () => {
  it('pass at baseline when they are ordinary', async () => {
    const ordinary = running(
      {
        Env: ['A=b'],
        Mounts: [
          { Type: 'volume', Source: 'data', Target: '/data' },
          { Type: 'tmpfs', Target: '/tmp' },
        ],
        Isolation: 'default',
        Privileges: { Seccomp: { Mode: 'default' }, AppArmor: { Mode: 'default' }, SELinuxContext: {} },
      },
      { TaskTemplate: { Networks: [{ Target: 'back', Aliases: ['web'] }] } },
    );
    expect(await faults(ordinary, 'baseline')).toEqual([]);
    expect(await faults({}, 'baseline')).toEqual([]);
  });

  it('pass at restricted when they are hardened', async () => {
    expect(await faults(running(HARDENED), 'restricted')).toEqual([]);
  });

  it('are not protected by what an older engine takes no notice of', async () => {
    expect(await faults(running(HARDENED), 'restricted', '1.41')).toEqual([
      `privilegeEscalation ${AT}.Privileges`,
    ]);
  });

  it.each<[string, TaskContainerBody, string]>([
    ['a bind mount', { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }, `hostPath ${AT}.Mounts.0`],
    [
      'a named pipe',
      { Mounts: [{ Type: 'npipe', Source: '\\\\.\\pipe\\docker_engine', Target: '/p' }] },
      `hostPath ${AT}.Mounts.0`,
    ],
    [
      'a bind mount by a volume’s driver',
      {
        Mounts: [
          {
            Type: 'volume',
            Source: 'x',
            Target: '/x',
            VolumeOptions: {
              DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/' } },
            },
          },
        ],
      },
      `hostPath ${AT}.Mounts.0`,
    ],
    [
      'a bind mount by a volume that is there',
      { Mounts: [{ Type: 'volume', Source: 'etc', Target: '/x' }] },
      `hostPath ${AT}.Mounts.0`,
    ],
    [
      'a volume of a plugin',
      { Mounts: [{ Type: 'volume', Source: 'plugin', Target: '/x' }] },
      `volumeDrivers ${AT}.Mounts.0`,
    ],
    [
      'a cluster volume',
      { Mounts: [{ Type: 'cluster', Source: 'group:x', Target: '/x' }] },
      `mountTypes ${AT}.Mounts.0`,
    ],
    [
      'a mount of no known type',
      { Mounts: [{ Type: 'Bind', Source: '/', Target: '/x' }] },
      `mountTypes ${AT}.Mounts.0`,
    ],
    [
      'devices in memory',
      { Mounts: [{ Type: 'tmpfs', Target: '/x', TmpfsOptions: { Options: [['dev']] } }] },
      `mountOptions ${AT}.Mounts.0`,
    ],
    ['a capability', { CapabilityAdd: ['CAP_SYS_ADMIN'] }, `capabilities ${AT}.CapabilityAdd`],
    ['all capabilities', { CapabilityAdd: ['ALL'] }, `capabilities ${AT}.CapabilityAdd`],
    ['a sysctl', { Sysctls: { 'kernel.msgmax': '1' } }, `sysctls ${AT}.Sysctls`],
    ['a ulimit', { Ulimits: [{ Name: 'rtprio', Soft: 99, Hard: 99 }] }, `realtime ${AT}.Ulimits`],
    ['a score', { OomScoreAdj: -1000 }, `oomScore ${AT}.OomScoreAdj`],
    ['Windows isolation', { Isolation: 'process' }, `isolation ${AT}.Isolation`],
    [
      'a credential spec',
      { Privileges: { CredentialSpec: { File: 'x.json' } } },
      `securityOptions ${AT}.Privileges`,
    ],
    ['an empty credential spec', { Privileges: { CredentialSpec: {} } }, `securityOptions ${AT}.Privileges`],
    ['no SELinux', { Privileges: { SELinuxContext: { Disable: true } } }, `seLinux ${AT}.Privileges`],
    ['an SELinux type', { Privileges: { SELinuxContext: { Type: 'spc_t' } } }, `seLinux ${AT}.Privileges`],
    ['no seccomp', { Privileges: { Seccomp: { Mode: 'unconfined' } } }, `seccomp ${AT}.Privileges`],
    [
      'a seccomp profile',
      { Privileges: { Seccomp: { Mode: 'custom', Profile: 'e30=' } } },
      `seccomp ${AT}.Privileges`,
    ],
    [
      'a seccomp profile without a mode',
      { Privileges: { Seccomp: { Profile: 'e30=' } } },
      `seccomp ${AT}.Privileges`,
    ],
    ['no AppArmor', { Privileges: { AppArmor: { Mode: 'disabled' } } }, `appArmor ${AT}.Privileges`],
  ])('are refused at baseline for %s', async (_, container, fault) => {
    expect(await faults(running(container), 'baseline')).toContain(fault);
    expect(await faults(running(container), 'privileged')).toEqual([]);
  });

  it.each([
    ['by name', 'host'],
    ['by its id', '025df3efe08e'],
    ['misspelt', 'Host'],
  ])('are refused on the host’s network, %s, wherever it stands', async (_, Target) => {
    const networks = { Networks: [{ Target }] };
    const fault = `hostNamespaces TaskTemplate.Networks.${Target}`;
    expect(await faults(running({}, { TaskTemplate: networks }), 'baseline')).toEqual([fault]);
    expect(await faults(running({}, networks), 'baseline')).toEqual([fault]);
  });

  it('are refused with options for a network’s driver', async () => {
    const networks: TaskBody['Networks'] = [
      { Target: 'back', DriverOpts: { parent: 'eth0' } },
      { Target: 'back', DriverOpts: {} },
    ];
    expect(await faults(running({}, { TaskTemplate: { Networks: networks } }), 'baseline')).toEqual([
      'endpointOptions TaskTemplate.Networks.back.DriverOpts',
    ]);
  });

  it('are refused with logs that leave the engine', async () => {
    const logs = { LogDriver: { Name: 'syslog', Options: { 'syslog-address': 'udp://10.0.0.1' } } };
    expect(await faults(running({}, { TaskTemplate: logs }), 'baseline')).toEqual([
      'logDriver TaskTemplate.LogDriver.Name',
    ]);
  });

  it('name what else they use', () => {
    const spec = running(
      {
        Mounts: [
          { Type: 'volume', Source: 'data', Target: '/d' },
          { Type: 'image', Source: 'tools', Target: '/t' },
        ],
      },
      { Networks: [{ Target: 'old' }], TaskTemplate: { Networks: [{ Target: 'back' }] } },
    );
    expect(referencesOf(normaliseService(spec, '1.41'))).toEqual({
      containers: [],
      volumes: ['data'],
      networks: ['back', 'old'],
      images: ['alpine', 'tools'],
    });
  });
});

describe('tasks that are no containers', () => {
  it.each([
    [{ Runtime: 'plugin' }, true],
    [{ PluginSpec: { Remote: 'evil/plugin' } }, true],
    [{ Runtime: 'attachment' }, false],
    [{ Runtime: 'Container' }, false],
    [{ NetworkAttachmentSpec: { ContainerID: 'x' } }, false],
  ])('are refused: %j', (TaskTemplate, plugin) => {
    expect(judgeRuntime({ TaskTemplate }).map(({ rule }) => rule)).toContain('taskRuntime');
    expect(usesPlugin({ TaskTemplate })).toBe(plugin);
  });

  it('are none where the runtime is that of containers', () => {
    for (const Runtime of ['', 'container']) expect(judgeRuntime({ TaskTemplate: { Runtime } })).toEqual([]);
  });
});

describe('the body of a service', () => {
  it.each([
    { name: 'web' },
    { TaskTemplate: { containerSpec: {} } },
    { TaskTemplate: { ContainerSpec: { mounts: [] } } },
    { TaskTemplate: { ContainerSpec: { Privileged: true } } },
    { TaskTemplate: { ContainerSpec: { Mounts: [{ Type: 'volume', Tyſpe: 'bind' }] } } },
    { TaskTemplate: { ContainerSpec: { Mounts: [null] } } },
    { TaskTemplate: { ContainerSpec: { PullOptions: {} } } },
    { Mode: { Replicated: { Replicas: '3' } } },
    { UpdateConfig: { MaxFailureRatio: 'NaN' } },
    JSON.parse('{"TaskTemplate": {"Networks": [{"DriverOpts": {"__proto__": "x"}}]}}'),
    [],
    'x',
  ])('is refused where it has what the policy does not know: %j', (body) => {
    expect(() => readBody(SERVICE_BODY, body, 'service')).toThrow(
      expect.objectContaining({ kind: 'invalid_input' }),
    );
  });
});
