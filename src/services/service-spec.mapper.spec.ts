import { describe, expect, it } from '@jest/globals';
import { readBody } from '../gate/policy/body-shape.js';
import { SERVICE_BODY } from '../gate/policy/service-body.js';
import { requireServiceOptions, toNewSpec, withOptions } from './service-spec.mapper.js';
import type { CreateServiceInput } from './service.inputs.js';
import { WHOLE_SERVICE as WHOLE } from './testing/whole-service.js';

describe('the spec of a service', () => {
  it('has every option where the engine has it, and nothing that the policy does not know', () => {
    const spec = toNewSpec(WHOLE);
    expect(() => readBody(SERVICE_BODY, spec, 'service')).not.toThrow();
    expect(spec).toEqual({
      Name: 'web',
      Labels: { team: 'web' },
      Mode: { Replicated: { Replicas: 3 } },
      UpdateConfig: {
        Parallelism: 0,
        Delay: 1_000_000_000,
        Monitor: 2_000_000_000,
        MaxFailureRatio: 0.5,
        Order: 'start-first',
        FailureAction: 'rollback',
      },
      RollbackConfig: { FailureAction: 'continue' },
      EndpointSpec: {
        Mode: 'dnsrr',
        Ports: [
          { Name: 'http', Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'host' },
          { Protocol: 'udp', TargetPort: 53, PublishMode: 'ingress' },
        ],
      },
      TaskTemplate: {
        ContainerSpec: {
          Image: 'app:1',
          Labels: { tier: 'front' },
          Command: ['/app'],
          Args: ['serve'],
          Env: ['A=1'],
          Dir: '/srv',
          User: '1000',
          Groups: ['audio'],
          Hostname: '{{.Task.Slot}}',
          TTY: true,
          OpenStdin: true,
          ReadOnly: true,
          Init: true,
          StopSignal: 'SIGINT',
          StopGracePeriod: 2_500_000_000,
          Healthcheck: { Test: ['NONE'], Interval: 1_000_000_000 },
          Mounts: [
            {
              Type: 'volume',
              Source: 'data',
              Target: '/data',
              VolumeOptions: { DriverConfig: { Name: 'local' } },
            },
          ],
          Hosts: ['192.0.2.2 db', '2001:db8::1 six'],
          DNSConfig: { Nameservers: ['192.0.2.1'], Search: ['corp'], Options: ['ndots:2'] },
          Secrets: [{ SecretID: 'pw', File: { Name: '', UID: '0', GID: '0', Mode: 0o444 } }],
          Configs: [
            { ConfigID: 'cfg', File: { Name: '/etc/cfg', UID: '5', GID: '6', Mode: 0o400 } },
            { ConfigID: 'account', Runtime: {} },
          ],
          Privileges: {
            CredentialSpec: { Config: 'account' },
            SELinuxContext: { Disable: false, User: 'u', Role: 'r', Type: 't', Level: 'l' },
            Seccomp: { Mode: 'custom', Profile: 'e30=' },
            AppArmor: { Mode: 'disabled' },
            NoNewPrivileges: true,
          },
          CapabilityAdd: ['NET_ADMIN'],
          CapabilityDrop: ['ALL'],
          Sysctls: { 'net.core.somaxconn': '1' },
          Ulimits: [{ Name: 'nofile', Soft: 1, Hard: 2 }],
          OomScoreAdj: 5,
          Isolation: 'hyperv',
        },
        Resources: {
          Limits: { NanoCPUs: 1, MemoryBytes: 2, Pids: 3 },
          Reservations: {
            NanoCPUs: 4,
            MemoryBytes: 5,
            GenericResources: [
              { DiscreteResourceSpec: { Kind: 'gpu', Value: 1 } },
              { NamedResourceSpec: { Kind: 'fpga', Value: 'f1' } },
            ],
          },
          SwapBytes: 6,
          MemorySwappiness: 7,
        },
        RestartPolicy: {
          Condition: 'on-failure',
          Delay: 1_000_000_000,
          MaxAttempts: 2,
          Window: 3_000_000_000,
        },
        Placement: {
          Constraints: ['node.role==worker'],
          Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.zone' } }],
          MaxReplicas: 2,
          Platforms: [{ Architecture: 'amd64', OS: 'linux' }],
        },
        Networks: [{ Target: 'backend', Aliases: ['www'], DriverOpts: { a: 'b' } }],
        LogDriver: { Name: 'local', Options: { 'max-size': '1m' } },
        ForceUpdate: 4,
      },
    });
  });

  it('is of one task unless it says otherwise', () => {
    expect(toNewSpec({ name: 'web', image: 'app' })).toEqual({
      Name: 'web',
      Mode: { Replicated: { Replicas: 1 } },
      TaskTemplate: { ContainerSpec: { Image: 'app' } },
    });
  });

  it('of jobs and plugins is of that kind', () => {
    const job = { type: 'replicatedJob', maxConcurrent: 2, totalCompletions: 5 } as const;
    expect(toNewSpec({ name: 'j', image: 'app', mode: job })).toMatchObject({
      Mode: { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 5 } },
    });
    expect(toNewSpec({ name: 'p', plugin: { name: 'x', remote: 'x/y' } }).TaskTemplate).toMatchObject({
      Runtime: 'plugin',
      PluginSpec: { Name: 'x', Remote: 'x/y' },
    });
  });

  it('keeps what a change does not name, and moves networks to where they are kept', () => {
    const before = { ...toNewSpec(WHOLE), Networks: [{ Target: 'old' }] };
    const after = withOptions(before, { env: [], networks: [{ network: 'new' }] });
    expect(after).toEqual({
      ...toNewSpec(WHOLE),
      TaskTemplate: {
        ...before.TaskTemplate,
        ContainerSpec: { ...before.TaskTemplate?.ContainerSpec, Env: [] },
        Networks: [{ Target: 'new' }],
      },
    });
    expect(withOptions(before, { labels: {} }).Networks).toEqual([{ Target: 'old' }]);
  });

  it.each<[string, Partial<CreateServiceInput>, string]>([
    ['neither image nor plugin', { image: undefined }, 'image'],
    ['both', { plugin: { name: 'x', remote: 'y' } }, 'plugin'],
    ['replicas of a global service', { mode: { type: 'global', replicas: 2 } }, 'mode.replicas'],
    ['completions of what is no job', { mode: { type: 'replicated', totalCompletions: 2 } }, 'mode.type'],
    ['an update of a job', { mode: { type: 'globalJob' }, updateConfig: {} }, 'updateConfig'],
    [
      'two accounts',
      { privileges: { credentialSpec: { file: 'a', registry: 'b' } } },
      'privileges.credentialSpec',
    ],
    [
      'a resource without a number',
      { resources: { reservations: { genericResources: [{ kind: 'gpu' }] } } },
      'resources.reservations.genericResources.0',
    ],
  ])('is refused with %s', (_, rest, field) => {
    expect(() => toNewSpec({ name: 'web', image: 'app', ...rest })).toThrow(
      expect.objectContaining({
        kind: 'invalid_input',
        errors: expect.arrayContaining([expect.objectContaining({ field })]),
      }),
    );
  });

  it('is refused where the engine would take no notice of a part', () => {
    expect(() => requireServiceOptions({ image: 'app', oomScoreAdj: 1 }, '1.45')).toThrow(
      expect.objectContaining({ kind: 'not_supported' }),
    );
    expect(() => requireServiceOptions(WHOLE, '1.55')).not.toThrow();
  });
});
