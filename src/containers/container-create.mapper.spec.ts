import 'reflect-metadata';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { parse } from 'yaml';
import { bodyFaults } from '../gate/policy/body-shape.js';
import { CONTAINER_CREATE_BODY } from '../gate/policy/container-body.js';
import { CreateContainerInput } from './container-create.inputs.js';
import { toCreateBody, toUpdateBody } from './container-create.mapper.js';
import { EVERYTHING_BODY, OLD_OPTIONS_BODY } from './testing/create-bodies.js';
import { EVERYTHING, OLD_OPTIONS } from './testing/create-inputs.js';
import { fieldPaths, hasValueAt, without } from './testing/input-paths.js';

const FIELDS = fieldPaths(CreateContainerInput);
/** They go in the query. */
const QUERY_FIELDS = ['name', 'platform'];

describe('the body of ContainerCreate', () => {
  it('has every option where the engine looks for it', () => {
    expect(toCreateBody(EVERYTHING, '1.55')).toEqual(EVERYTHING_BODY);
  });

  it('has the options that only older engines know', () => {
    expect(toCreateBody(OLD_OPTIONS, '1.41')).toEqual(OLD_OPTIONS_BODY);
  });

  it('has nothing that was not asked for', () => {
    expect(toCreateBody({ image: 'busybox' }, '1.41')).toEqual({ Image: 'busybox', HostConfig: {} });
    expect(toCreateBody({ image: 'busybox' }, '1.55')).toEqual({ Image: 'busybox', HostConfig: {} });
  });

  it('keeps what was asked for as 0, false or empty', () => {
    const input: CreateContainerInput = {
      image: 'busybox',
      command: [],
      tty: false,
      resources: { memory: 0 },
      security: { maskedPaths: [] },
    };
    expect(toCreateBody(input, '1.55')).toEqual({
      Image: 'busybox',
      Cmd: [],
      Tty: false,
      HostConfig: { Memory: 0, MaskedPaths: [] },
    });
  });

  it('holds nothing that the policy does not know', () => {
    expect(bodyFaults(CONTAINER_CREATE_BODY, toCreateBody(EVERYTHING, '1.55'))).toEqual([]);
    expect(bodyFaults(CONTAINER_CREATE_BODY, toCreateBody(OLD_OPTIONS, '1.41'))).toEqual([]);
  });
});

describe('the input of everything, which these tests go by', () => {
  it('is an input that passes the checks', async () => {
    const options = { whitelist: true, forbidNonWhitelisted: true };
    expect(await validate(plainToInstance(CreateContainerInput, EVERYTHING), options)).toEqual([]);
    expect(await validate(plainToInstance(CreateContainerInput, OLD_OPTIONS), options)).toEqual([]);
  });

  it('gives every field that there is', () => {
    expect(FIELDS.filter((path) => !hasValueAt(EVERYTHING, path) && !hasValueAt(OLD_OPTIONS, path))).toEqual(
      [],
    );
  });

  it.each(FIELDS.filter((path) => !QUERY_FIELDS.includes(path)))('makes another body without %s', (path) => {
    const [input, body, version] = hasValueAt(EVERYTHING, path)
      ? [EVERYTHING, EVERYTHING_BODY, '1.55']
      : [OLD_OPTIONS, OLD_OPTIONS_BODY, '1.41'];
    expect(toCreateBody(without(input, path), version)).not.toEqual(body);
  });
});

describe('an option that the engine’s version lacks', () => {
  const image = 'busybox';
  const mount = { source: 'data', target: '/data' };

  it.each<[string, string, Partial<CreateContainerInput>]>([
    ['1.41', 'annotations', { annotations: {} }],
    ['1.41', 'consoleSize', { consoleSize: { width: 80, height: 25 } }],
    ['1.43', 'healthcheck.startIntervalSeconds', { healthcheck: { startIntervalSeconds: 1 } }],
    [
      '1.41',
      'mounts.0.bind.createMountpoint',
      { mounts: [{ ...mount, type: 'bind', bind: { createMountpoint: false } }] },
    ],
    ['1.44', 'mounts.0.volume.subpath', { mounts: [{ ...mount, type: 'volume', volume: { subpath: 'a' } }] }],
    ['1.45', 'mounts.0.tmpfs.options', { mounts: [{ target: '/t', type: 'tmpfs', tmpfs: { options: [] } }] }],
    ['1.47', 'mounts.0.type', { mounts: [{ ...mount, type: 'image' }] }],
    ['1.41', 'mounts.0.type', { mounts: [{ ...mount, type: 'cluster' }] }],
    ['1.47', 'networks.1.priority', { networks: [{ name: 'a' }, { name: 'b', priority: 1 }] }],
    ['1.43', 'networks', { networks: [{ name: 'a' }, { name: 'b', macAddress: '02:42:ac:11:00:02' }] }],
    ['1.42', 'resources.kernelMemory', { resources: { kernelMemory: 0 } }],
    ['1.52', 'resources.kernelMemoryTcp', { resources: { kernelMemoryTcp: 0 } }],
  ])('of API %s is refused: %s', (version, field, options) => {
    expect(() => toCreateBody({ image, ...options }, version)).toThrow(
      expect.objectContaining({ kind: 'not_supported', errors: [expect.objectContaining({ field })] }),
    );
  });

  it('is taken by the first version that has it', () => {
    expect(() => toCreateBody({ image, annotations: {} }, '1.43')).not.toThrow();
    expect(() => toCreateBody({ image, mounts: [{ ...mount, type: 'image' }] }, '1.48')).not.toThrow();
  });
});

describe('the body of ContainerUpdate', () => {
  it('has limits and the restart policy', () => {
    const input = { resources: { memory: 1, pidsLimit: -1 }, restartPolicy: { name: 'always' as const } };
    expect(toUpdateBody(input, '1.41')).toEqual({
      Memory: 1,
      PidsLimit: -1,
      RestartPolicy: { Name: 'always' },
    });
  });

  it('has nothing that was not asked for', () => {
    expect(toUpdateBody({}, '1.41')).toEqual({});
  });

  it('is refused with limits that the engine would take no notice of', () => {
    expect(() => toUpdateBody({ resources: { blkioReadBytesPerSecond: [] } }, '1.54')).toThrow(
      expect.objectContaining({ kind: 'not_supported' }),
    );
  });
});

/** A Swagger schema, as far as it is walked here. */
interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  items?: Schema;
}

/** Not for Linux engines, not for clients to set, or told of by the engine only. */
const LEFT_OUT = [
  'ArgsEscaped',
  'HostConfig.ContainerIDFile',
  'HostConfig.CpuCount',
  'HostConfig.CpuPercent',
  'HostConfig.IOMaximumBandwidth',
  'HostConfig.IOMaximumIOps',
  'HostConfig.Isolation',
];
const ANSWERED_ONLY =
  /^Endpoint\.(NetworkID|EndpointID|Gateway|IPAddress|IPPrefixLen|IPv6Gateway|GlobalIPv6\w+|DNSNames)$/;

/** Docker's own descriptions of the Engine API. They are no part of this repository, but may lie beside it. */
const descriptions = ['v1.41', 'v1.55'].map((version) => ({
  version,
  file: new URL(`../../../shared/engine-api/${version}.yaml`, import.meta.url),
}));

// stands down (shown as skipped) where the descriptions are not beside the repository
(descriptions.every(({ file }) => existsSync(file)) ? describe : describe.skip)(
  'the input, against Docker’s own descriptions',
  () => {
    it.each(descriptions)('has every option of $version', ({ file }) => {
      const { definitions } = parse(readFileSync(file, 'utf8')) as { definitions: Record<string, Schema> };
      const of = (name: string, prefix = '') =>
        propertyPaths({ $ref: `#/definitions/${name}` }, definitions, prefix);
      const described = [
        ...of('ContainerConfig'),
        ...of('HostConfig', 'HostConfig.'),
        ...of('EndpointSettings', 'Endpoint.').filter((path) => !ANSWERED_ONLY.test(path)),
      ];
      const sent = [...bodyPaths(EVERYTHING_BODY), ...bodyPaths(OLD_OPTIONS_BODY)];
      const missing = described.filter((path) => !sent.includes(path) && !LEFT_OUT.includes(path));

      expect(described.length).toBeGreaterThan(100);
      expect(missing).toEqual([]);
    });
  },
);

/** The paths of all properties of a schema. */
function propertyPaths(schema: Schema, definitions: Record<string, Schema>, prefix: string): string[] {
  const target = schema.$ref?.split('/').at(-1);
  if (target !== undefined) return propertyPaths(definitions[target] ?? {}, definitions, prefix);
  if (schema.items) return propertyPaths(schema.items, definitions, prefix);
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    `${prefix}${name}`,
    ...propertyPaths(property, definitions, `${prefix}${name}.`),
  ]);
  return [...own, ...(schema.allOf ?? []).flatMap((part) => propertyPaths(part, definitions, prefix))];
}

/** The paths of all that a body holds; lists leave no trace, endpoints stand under `Endpoint`. */
function bodyPaths(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => bodyPaths(item, prefix));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const path = name === 'EndpointsConfig' ? 'EndpointsConfig' : `${prefix}${name}`;
    if (prefix === 'EndpointsConfig.') return bodyPaths(part, 'Endpoint.');
    return [path, ...bodyPaths(part, `${path}.`)];
  });
}
