import { describe, expect, it } from '@jest/globals';
import { compare } from './comparison.js';
import type { ContainerFacts, KnownObject } from './known-object.js';

const T = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

const facts = (change: Partial<ContainerFacts> = {}): ContainerFacts => ({
  status: 'running',
  startedAt: T,
  finishedAt: 0,
  health: null,
  image: 'busybox',
  exitCode: null,
  oomKilled: false,
  ...change,
});
const container = (
  change: Partial<ContainerFacts> = {},
  name = 'web',
): KnownObject & { createdAt: number } => ({
  kind: 'container',
  id: 'c1',
  name,
  labels: {},
  facts: facts(change),
  createdAt: T - MINUTE,
});
const found = (before: KnownObject | undefined, now: (KnownObject & { createdAt: number }) | undefined) =>
  compare('container', before, now).map(({ type, at, data }) => [type, at, data['exitCode']]);

describe('comparing a container with what events have told of it', () => {
  const ended = { status: 'exited', finishedAt: T + MINUTE, exitCode: 137 } as const;

  it('finds nothing where nothing is missing, though times are written down twice', () => {
    expect(found(container(), container())).toEqual([]);
    expect(found(container({ startedAt: T + 900 }), container())).toEqual([]);
    expect(found(container(ended), container({ ...ended, finishedAt: T + MINUTE + 700 }))).toEqual([]);
  });

  it('finds its death, with the time and the exit code', () => {
    expect(found(container(), container(ended))).toEqual([['container.died', T + MINUTE, 137]]);
  });

  it('finds that it ran out of memory', () => {
    expect(found(container(), container({ ...ended, oomKilled: true }))).toEqual([
      ['container.oom', T + MINUTE, undefined],
      ['container.died', T + MINUTE, 137],
    ]);
  });

  it('finds a run that began and ended', () => {
    const before = container({ status: 'exited', finishedAt: T + 1_000, exitCode: 0 });
    const now = container({ ...ended, startedAt: T + 2 * MINUTE, finishedAt: T + 3 * MINUTE });
    expect(found(before, now)).toEqual([
      ['container.started', T + 2 * MINUTE, undefined],
      ['container.died', T + 3 * MINUTE, 137],
    ]);
  });

  it('finds that it runs again: that it died, of which no exit code is left', () => {
    const now = container({ startedAt: T + 2 * MINUTE, finishedAt: T + MINUTE });
    expect(found(container(), now)).toEqual([
      ['container.died', T + MINUTE, null],
      ['container.started', T + 2 * MINUTE, undefined],
    ]);
  });

  it('finds a new one, from its making on', () => {
    expect(found(undefined, container(ended))).toEqual([
      ['container.created', T - MINUTE, undefined],
      ['container.started', T, undefined],
      ['container.died', T + MINUTE, 137],
    ]);
    expect(found(undefined, container({ status: 'created', startedAt: 0 }))).toEqual([
      ['container.created', T - MINUTE, undefined],
    ]);
  });

  it('finds that it is gone, and claims to know no time', () => {
    expect(found(container(), undefined)).toEqual([
      ['container.died', undefined, null],
      ['container.removed', undefined, undefined],
    ]);
    expect(found(container(ended), undefined)).toEqual([['container.removed', undefined, undefined]]);
  });

  it('finds pauses, names and health', () => {
    const types = (before: KnownObject, now: KnownObject & { createdAt: number }) =>
      found(before, now).map(([type]) => type);
    expect(types(container(), container({ status: 'paused' }))).toEqual(['container.paused']);
    expect(types(container({ status: 'paused' }), container())).toEqual(['container.unpaused']);
    expect(types(container(), container({}, 'anew'))).toEqual(['container.renamed']);
    expect(types(container({ health: 'starting' }), container({ health: 'unhealthy' }))).toEqual([
      'container.health.unhealthy',
    ]);
    expect(types(container({ health: 'healthy' }), container({ health: 'starting' }))).toEqual([]);
  });
});

describe('comparing other objects', () => {
  const image = (tags: string[], stale?: true) => ({
    kind: 'image' as const,
    id: 'i1',
    name: '',
    labels: {},
    facts: { tags, ...(stale ? { stale } : {}) },
    createdAt: T,
  });
  const types = (...args: Parameters<typeof compare>) =>
    compare(...args).map(({ type, data }) => [type, ...Object.values(data)]);

  it('finds names of images that came and went', () => {
    expect(types('image', image(['a:1', 'b:1']), image(['b:1', 'c:1']))).toEqual([
      ['image.tagged', 'c:1'],
      ['image.untagged', 'a:1'],
    ]);
    expect(types('image', image(['a:1']), undefined)).toEqual([
      ['image.untagged', 'a:1'],
      ['image.removed', 'a:1'],
    ]);
    expect(types('image', image([], true), image(['a:1']))).toEqual([]);
  });

  it('finds what was made and removed, changed services and the state of nodes', () => {
    const volume = { kind: 'volume' as const, id: 'v', name: 'v', labels: {}, facts: {}, createdAt: T };
    expect(types('volume', undefined, volume)).toEqual([['volume.created']]);
    expect(types('volume', volume, undefined)).toEqual([['volume.removed']]);
    expect(types('volume', volume, volume)).toEqual([]);
    const service = (version: number | undefined) => ({
      ...volume,
      kind: 'service' as const,
      facts: version === undefined ? {} : { version },
    });
    expect(types('service', service(1), service(2))).toEqual([['service.updated']]);
    expect(types('service', service(undefined), service(2))).toEqual([]);
    const node = (state: string) => ({ ...volume, kind: 'node' as const, facts: { state } });
    expect(types('node', node('ready'), node('down'))).toEqual([['node.down']]);
    expect(types('node', node('down'), node('ready'))).toEqual([['node.ready']]);
    expect(types('node', node('ready'), node('unknown'))).toEqual([]);
  });
});
