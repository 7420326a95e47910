import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { bodyFaults } from './body-shape.js';
import { CONTAINER_CREATE_BODY, CONTAINER_UPDATE_BODY, EXEC_CREATE_BODY } from './container-body.js';

/** `docker create` of client 28.2 with few options: nearly every field, most of them null or zero. */
const DOCKER_CLI_CREATE = `{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":true,"AttachStderr":true,
"ExposedPorts":{"80/tcp":{}},"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":["sh"],
"Healthcheck":{"Test":["CMD-SHELL","true"]},"Image":"alpine","Volumes":{"/data":{}},"WorkingDir":"","Entrypoint":null,"OnBuild":null,
"Labels":{"a":"b"},"HostConfig":{"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},"NetworkMode":"default",
"PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"80"}]},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":false,
"VolumeDriver":"","VolumesFrom":null,"ConsoleSize":[0,0],"CapAdd":null,"CapDrop":null,"CgroupnsMode":"","Dns":[],"DnsOptions":[],
"DnsSearch":[],"ExtraHosts":null,"GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,"OomScoreAdj":0,"PidMode":"","Privileged":false,
"PublishAllPorts":false,"ReadonlyRootfs":false,"SecurityOpt":["no-new-privileges"],"Tmpfs":{"/r":"exec"},"UTSMode":"","UsernsMode":"",
"ShmSize":0,"Sysctls":{"net.ipv4.tcp_syncookies":"1"},"Isolation":"","CpuShares":0,"Memory":0,"NanoCpus":0,"CgroupParent":"","BlkioWeight":0,
"BlkioWeightDevice":[],"BlkioDeviceReadBps":[],"BlkioDeviceWriteBps":[],"BlkioDeviceReadIOps":[],"BlkioDeviceWriteIOps":[],"CpuPeriod":0,
"CpuQuota":0,"CpuRealtimePeriod":0,"CpuRealtimeRuntime":0,"CpusetCpus":"","CpusetMems":"","Devices":[],"DeviceCgroupRules":null,
"DeviceRequests":null,"MemoryReservation":0,"MemorySwap":0,"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0,
"Ulimits":[{"Name":"nofile","Hard":10,"Soft":10}],"CpuCount":0,"CpuPercent":0,"IOMaximumIOps":0,"IOMaximumBandwidth":0,
"Mounts":[{"Type":"volume","Source":"v","Target":"/v"},{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1048576}}],
"MaskedPaths":null,"ReadonlyPaths":null},"NetworkingConfig":{"EndpointsConfig":{"default":{"IPAMConfig":null,"Links":null,"Aliases":null,
"MacAddress":"","DriverOpts":null,"GwPriority":0,"NetworkID":"","EndpointID":"","Gateway":"","IPAddress":"","IPPrefixLen":0,"IPv6Gateway":"",
"GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}}}`;

/** What docker-py 7 sends. */
const DOCKER_PY_CREATE = `{"ExposedPorts":{"80/tcp":{}},"Tty":false,"AttachStdout":true,"Cmd":["ls"],"Image":"alpine","NetworkDisabled":false,
"HostConfig":{"Memory":1073741824,"NetworkMode":"default","Ulimits":[{"Name":"nofile","Soft":1,"Hard":null}],
"Mounts":[{"Target":"/a","Source":null,"Type":"tmpfs","ReadOnly":false,"TmpfsOptions":{"SizeBytes":100}}]},
"NetworkingConfig":{"EndpointsConfig":{"n":{"Aliases":["x"]}}}}`;

const EXECS = [
  '{"User":"","Privileged":false,"Tty":false,"AttachStderr":true,"Detach":false,"DetachKeys":"","Env":["A=b"],"WorkingDir":"","Cmd":["ls"]}',
  '{"Container":"x","User":"","Privileged":false,"AttachStdout":true,"Cmd":["ls"],"detachKeys":"ctrl-a"}',
];

describe('the known container bodies', () => {
  it.each([
    ['docker', DOCKER_CLI_CREATE],
    ['docker-py', DOCKER_PY_CREATE],
  ])('take what %s sends to create a container', (_, body) => {
    expect(bodyFaults(CONTAINER_CREATE_BODY, JSON.parse(body))).toEqual([]);
  });

  it.each(EXECS)('take what clients send to create an exec: %s', (body) => {
    expect(bodyFaults(EXEC_CREATE_BODY, JSON.parse(body))).toEqual([]);
  });

  it.each([
    ['a host config at the top, as before API 1.18', { Privileged: true }, 'Privileged'],
    ['another case of HostConfig', { hostConfig: { Privileged: true } }, 'hostConfig'],
    ['another case inside it', { HostConfig: { pidmode: 'host' } }, 'HostConfig.pidmode'],
    [
      'embedded resources by their Go name',
      { HostConfig: { Resources: { Devices: [] } } },
      'HostConfig.Resources',
    ],
    [
      'the removed list of all capabilities',
      { HostConfig: { Capabilities: ['ALL'] } },
      'HostConfig.Capabilities',
    ],
    [
      'capabilities as one string, which engines accept',
      { HostConfig: { CapAdd: 'SYS_ADMIN' } },
      'HostConfig.CapAdd',
    ],
    [
      'an unknown mount option',
      { HostConfig: { Mounts: [{ bindOptions: {} }] } },
      'HostConfig.Mounts.0.bindOptions',
    ],
    ['a volume with content', { Volumes: { '/a': { Source: '/' } } }, 'Volumes./a.Source'],
    [
      'an unknown endpoint field',
      { NetworkingConfig: { EndpointsConfig: { n: { Sandbox: '' } } } },
      'NetworkingConfig.EndpointsConfig.n.Sandbox',
    ],
    [
      'an unknown networking field',
      { NetworkingConfig: { endpointsConfig: {} } },
      'NetworkingConfig.endpointsConfig',
    ],
  ])('refuse %s', (_, body, field) => {
    expect(bodyFaults(CONTAINER_CREATE_BODY, body).map((fault) => fault.field)).toEqual([field]);
  });

  it('refuse in an update what only a create may set', () => {
    const faults = bodyFaults(CONTAINER_UPDATE_BODY, {
      Memory: 1,
      RestartPolicy: { Name: 'no' },
      Privileged: true,
      Binds: [],
    });
    expect(faults.map(({ field }) => field)).toEqual(['Privileged', 'Binds']);
  });
});

/** A Swagger schema, as far as it is walked here. */
interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
}

const descriptions = ['v1.41', 'v1.55'].map((version) => ({
  version,
  file: new URL(`../../../../shared/engine-api/${version}.yaml`, import.meta.url),
}));
const present = descriptions.every(({ file }) => existsSync(file));

// stands down (shown as skipped) where Docker's own descriptions are not beside the repository
(present ? describe : describe.skip)('the known container bodies, against Docker’s own descriptions', () => {
  it.each(descriptions)('have every field of $version, of the right type', ({ file }) => {
    const { definitions } = parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Schema> };
    const sample = (name: string) =>
      sampleOf({ $ref: `#/definitions/${name}` }, definitions) as Record<string, unknown>;
    const body = {
      ...sample('ContainerConfig'),
      HostConfig: sample('HostConfig'),
      NetworkingConfig: sample('NetworkingConfig'),
    };

    expect(Object.keys(body.HostConfig).length).toBeGreaterThan(60);
    expect(bodyFaults(CONTAINER_CREATE_BODY, body)).toEqual([]);
    expect(
      bodyFaults(CONTAINER_UPDATE_BODY, { ...sample('Resources'), RestartPolicy: sample('RestartPolicy') }),
    ).toEqual([]);
  });
});

/** A value that has every property that `schema` describes. */
function sampleOf(schema: Schema, definitions: Record<string, Schema>): unknown {
  const target = schema.$ref?.split('/').at(-1);
  if (target !== undefined) return sampleOf(definitions[target] ?? {}, definitions);
  if (schema.items) return [sampleOf(schema.items, definitions)];
  const parts = (schema.allOf ?? []).map((part) => sampleOf(part, definitions));
  if (schema.type === 'integer') return 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'string' || parts.some((part) => typeof part === 'string')) return 'text';
  const own = Object.entries(schema.properties ?? {}).map(([key, value]) => [
    key,
    sampleOf(value, definitions),
  ]);
  const free =
    typeof schema.additionalProperties === 'object'
      ? { key: sampleOf(schema.additionalProperties, definitions) }
      : {};
  return Object.assign({}, ...parts, Object.fromEntries(own), free) as unknown;
}
