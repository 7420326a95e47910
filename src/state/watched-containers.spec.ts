import { describe, expect, it } from '@jest/globals';
import type { ContainerInspectInfo } from 'dockerode';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { WATCHED_CONTAINERS } from './watched-containers.js';
import { testEvent } from './testing/scripted-kind.js';

const { signal } = new AbortController();

describe('an event', () => {
  const hintOf = (action: string) => WATCHED_CONTAINERS.hint(testEvent('abc', action, 'container'));

  it.each([
    'create',
    'destroy',
    'die',
    'health_status: healthy',
    'oom',
    'pause',
    'rename',
    'restart',
    'start',
    'stop',
    'unpause',
    'update',
  ])('of a container that is %s tells that the object has changed', (action) => {
    expect(hintOf(action)).toEqual({ id: 'abc', changes: 'object' });
  });

  it.each([
    'archive-path',
    'attach',
    'commit',
    'copy',
    'detach',
    'exec_create: sh -c "true"',
    'exec_start: sh',
    'exec_die',
    'export',
    'kill',
    'resize',
    'top',
  ])('of a container that is %s tells nothing that lists look at', (action) => {
    expect(hintOf(action)).toEqual({ id: 'abc', changes: 'document' });
  });

  it('of a kind that is not known tells that the object may have changed', () => {
    expect(hintOf('teleport')).toEqual({ id: 'abc', changes: 'object' });
  });

  it('that names no container tells of none', () => {
    expect(WATCHED_CONTAINERS.hint(testEvent('', 'prune', 'container'))).toBeUndefined();
  });

  it.each(['connect', 'disconnect'])('of a network tells of the container of the %s', (action) => {
    const event = { ...testEvent('net', action, 'network'), attributes: { container: 'abc' } };
    expect(WATCHED_CONTAINERS.hint(event)).toEqual({ id: 'abc', changes: 'object' });
  });

  it('of a network without a container, or of anything else, tells of none', () => {
    expect(WATCHED_CONTAINERS.hint(testEvent('net', 'create', 'network'))).toBeUndefined();
    const detached = { ...testEvent('net', 'disconnect', 'network'), attributes: { container: '' } };
    expect(WATCHED_CONTAINERS.hint(detached)).toBeUndefined();
    expect(WATCHED_CONTAINERS.hint(testEvent('abc', 'delete', 'image'))).toBeUndefined();
  });
});

describe('a container in a list', () => {
  const RUNNING = { Id: 'abc', Names: ['/web'], State: 'running', Status: 'Up 5 seconds' };
  const EXITED = { ...RUNNING, State: 'exited', Status: 'Exited (0) 3 hours ago' };
  const listed = async (document: object) => {
    const connection = {
      json: () => Promise.resolve({ status: 200, headers: {}, body: [document] }),
    } as unknown as EngineConnection;
    const [object] = await WATCHED_CONTAINERS.list(connection, signal);
    return object;
  };
  const looksDifferent = async (before: object, after: object) =>
    (await listed(before))?.fingerprint !== (await listed(after))?.fingerprint;

  it.each([
    ['its name', { Names: ['/shop'] }],
    ['its state', { State: 'paused' }],
    ['its networks', { NetworkSettings: { Networks: { one: {} } } }],
    ['its health, in the status text', { Status: 'Up 5 seconds (unhealthy)' }],
    ['its health, of its own', { Health: { Status: 'unhealthy' } }],
  ])('looks different when %s is', async (_what, change) => {
    expect(await looksDifferent(RUNNING, { ...RUNNING, ...change })).toBe(true);
  });

  it('looks the same while it runs on and its probes fail on', async () => {
    expect(await looksDifferent(RUNNING, { ...RUNNING, Status: 'Up 5 minutes' })).toBe(false);
    const failing = (FailingStreak: number) => ({
      ...RUNNING,
      Health: { Status: 'unhealthy', FailingStreak },
    });
    expect(await looksDifferent(failing(3), failing(4))).toBe(false);
  });

  it('looks different after another run, by when that ended', async () => {
    expect(await looksDifferent(EXITED, { ...EXITED, Status: 'Exited (0) 2 hours ago' })).toBe(true);
    expect(await looksDifferent(EXITED, { ...EXITED, Status: 'Exited (1) 3 hours ago' })).toBe(true);
  });

  it.each([
    ['running', 'Up 3 hours', true],
    ['paused', 'Up 3 hours (Paused)', true],
    ['restarting', 'Restarting (1) 3 hours ago', true],
    ['removing', 'Removal In Progress', true],
    ['exited', 'Exited (0) Less than a second ago', true],
    ['exited', 'Exited (0) 5 seconds ago', true],
    ['exited', 'Exited (0) About a minute ago', true],
    ['exited', 'Exited (0) 5 hours ago', false],
    ['created', 'Created', false],
    ['dead', 'Dead', false],
  ])('that is %s, "%s", may change in ways that lists do not show: %s', async (State, Status, active) => {
    expect(await listed({ ...RUNNING, State, Status })).toMatchObject({ id: 'abc', active });
  });
});

describe('a container that is read', () => {
  const connection = (answer: () => Promise<unknown>) => ({ json: answer }) as unknown as EngineConnection;

  it('is the answer of the engine', async () => {
    const body = { Id: 'abc' };
    const read = WATCHED_CONTAINERS.read(
      connection(() => Promise.resolve({ body })),
      'abc',
      signal,
    );
    expect(await read).toBe(body);
  });

  it('is nothing where the engine has none', async () => {
    const none = connection(() => Promise.reject(new DomainError('not_found', 'No such container')));
    expect(await WATCHED_CONTAINERS.read(none, 'abc', signal)).toBeUndefined();
  });

  it('is an error where the engine does not say', async () => {
    const away = new DomainError('engine_unavailable', 'It is away');
    const read = WATCHED_CONTAINERS.read(
      connection(() => Promise.reject(away)),
      'abc',
      signal,
    );
    await expect(read).rejects.toBe(away);
  });
});

describe('what is kept of a container', () => {
  const DOCUMENT = {
    Id: 'abc',
    Name: '/web',
    Created: '2026-01-02T03:04:05.678912345Z',
    Config: { Image: 'busybox', Labels: { team: 'web' }, Tty: true, Env: ['TOKEN=secret'] },
    State: {
      Status: 'running',
      Health: { Status: 'unhealthy', FailingStreak: 7, Log: [{ Output: 'secret' }] },
    },
    NetworkSettings: { Ports: {}, Networks: { bridge: {} }, SandboxKey: '/run/netns' },
    HostConfig: { Binds: ['/:/host'] },
  } as unknown as ContainerInspectInfo;

  it('is what names it, by which it is found', () => {
    expect(WATCHED_CONTAINERS.toRecord(DOCUMENT)).toMatchObject({
      id: 'abc',
      name: 'web',
      labels: { team: 'web' },
      createdAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      kept: { Config: { Image: 'busybox', Tty: true }, NetworkSettings: { Networks: { bridge: {} } } },
    });
  });

  it('is neither its environment nor what its probes said', () => {
    expect(JSON.stringify(WATCHED_CONTAINERS.toRecord(DOCUMENT))).not.toContain('secret');
  });

  it('is the same however often its probes fail', () => {
    const again = structuredClone(DOCUMENT);
    if (again.State.Health) again.State.Health.FailingStreak = 8;
    expect(WATCHED_CONTAINERS.toRecord(again)).toEqual(WATCHED_CONTAINERS.toRecord(DOCUMENT));
  });

  it('has labels also where the engine has none', () => {
    const bare = { ...DOCUMENT, Config: { ...DOCUMENT.Config, Labels: null as never } };
    expect(WATCHED_CONTAINERS.toRecord(bare).labels).toEqual({});
  });
});
