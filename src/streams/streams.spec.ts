import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import type { EngineConnection, EngineRequest } from '../engine/engine-connection.js';
import { type LogOptions, Streams } from './streams.js';
import { numbers, take } from './testing/log-viewers.js';
import { turns } from './testing/turns.js';

const FOLLOW: LogOptions = { tty: false, follow: true, tail: 'all', stdout: true, stderr: true };

interface Call {
  readonly operation: string;
  readonly request: EngineRequest;
  readonly body: Readable;
}

/** An engine of which only streams can be asked. What it answers is up to the test. */
function scriptedEngine(answer: (request: EngineRequest) => string | Buffer = () => '') {
  const calls: Call[] = [];
  const connection = {
    name: 'local',
    stream: (operation: string, request: EngineRequest) => {
      const body = new Readable({ read: () => undefined });
      const first = answer(request);
      if (first.length > 0) body.push(first);
      if (request.query?.['follow'] === false) body.push(null);
      request.signal?.addEventListener('abort', () =>
        body.destroy(new DomainError('cancelled', 'cancelled')),
      );
      body.on('error', () => undefined);
      calls.push({ operation, request, body });
      return Promise.resolve({ status: 200, headers: {}, body });
    },
  } as unknown as EngineConnection;
  return { connection, calls };
}

/** A log line in a frame of the engine's multiplexed stream. */
function frame(number: number): Buffer {
  const text = Buffer.from(`2026-01-01T00:00:00.${String(number).padStart(9, '0')}Z ${number}\n`);
  const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, text.length]);
  return Buffer.concat([header, text]);
}

function frames(from: number, to: number): Buffer {
  return Buffer.concat(numbers(from, to).map((number) => frame(Number(number))));
}

describe('streams', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const { signal } = new AbortController();

  it('share one followed log of the engine among its viewers, and close it 1 s after the last', async () => {
    const { connection, calls } = scriptedEngine(() => frames(1, 3));
    const streams = new Streams();
    const viewers = [1, 2, 3].map(() => streams.logs(connection, 'c1', FOLLOW, signal));
    for (const viewer of viewers) expect(await take(viewer, 3)).toEqual(numbers(1, 3));
    const [followed] = calls.filter(({ request }) => request.query?.['follow'] === true);
    const waiting = viewers.map((viewer) => take(viewer, 2));
    await turns(5);
    followed?.body.push(frames(4, 5));
    for (const seen of waiting) expect(await seen).toEqual(numbers(4, 5));

    expect(calls.filter(({ request }) => request.query?.['follow'] === true)).toHaveLength(1);
    expect(streams.activeUpstreams()).toEqual({ logs: 1, stats: 0, events: 0 });
    expect(streams.activeViewers()).toBe(3);
    for (const viewer of viewers) await viewer.return();
    expect(streams.activeViewers()).toBe(0);
    jest.advanceTimersByTime(999);
    expect(followed?.body.destroyed).toBe(false);
    jest.advanceTimersByTime(1);
    expect(followed?.body.destroyed).toBe(true);
    await turns();
    expect(streams.activeUpstreams().logs).toBe(0);
  });

  it('ask the engine for what the viewer wants where it does not follow, and share nothing', async () => {
    const { connection, calls } = scriptedEngine(() => frames(1, 3));
    const streams = new Streams();
    const options = {
      ...FOLLOW,
      follow: false,
      tail: 10,
      stderr: false,
      since: '2026-01-01T00:00:00.000000001Z',
    };
    const viewer = streams.logs(connection, 'c1', options, signal);
    await viewer.opened();
    expect(streams.activeUpstreams().logs).toBe(0);
    expect(await take(viewer, Infinity)).toEqual(numbers(1, 3));
    expect(calls).toHaveLength(1);
    expect(calls[0]?.request).toMatchObject({
      params: { id: 'c1' },
      query: {
        follow: false,
        tail: '10',
        since: '1767225600.000000001',
        until: undefined,
        stdout: true,
        stderr: false,
        timestamps: true,
      },
    });
  });

  it('do not follow a log of which only the past is wanted', async () => {
    const { connection, calls } = scriptedEngine(() => frames(1, 3));
    const options = { ...FOLLOW, until: '2026-01-01T00:00:00Z' };
    const viewer = new Streams().logs(connection, 'c1', options, signal);
    expect(await take(viewer, Infinity)).toEqual(numbers(1, 3));
    expect(calls.map(({ request }) => request.query?.['follow'])).toEqual([false]);
  });

  it.each([
    ['tail', { tail: -1 }],
    ['tail', { tail: 1.5 }],
    ['since', { since: 'yesterday' }],
    ['until', { until: '12:00' }],
    ['stdout', { stdout: false, stderr: false }],
  ])('refuse a wrong %s without asking the engine', (field, options) => {
    const { connection, calls } = scriptedEngine();
    const open = () => new Streams().logs(connection, 'c1', { ...FOLLOW, ...options }, signal);
    expect(open).toThrow(
      expect.objectContaining({ kind: 'invalid_input', errors: [expect.objectContaining({ field })] }),
    );
    expect(calls).toHaveLength(0);
  });

  it('give stats and events through one upstream each', async () => {
    const { connection, calls } = scriptedEngine();
    const streams = new Streams();
    const stats = [streams.stats(connection, 'c1', signal), streams.stats(connection, 'c1', signal)];
    const events = [streams.events(connection, signal), streams.events(connection, signal)];
    await turns();
    expect(calls.map(({ operation }) => operation)).toEqual(['ContainerStats', 'SystemEvents']);
    calls[0]?.body.push('{"pids_stats":{"current":4}}\n{"pids_st');
    calls[1]?.body.push('{"Type":"container","Action":"die","Actor":{"ID":"c1"}}');
    for (const viewer of stats) expect((await viewer.next()).value).toMatchObject({ pids: 4 });
    for (const viewer of events)
      expect((await viewer.next()).value).toMatchObject({ action: 'die', actorId: 'c1' });
    expect(streams.activeUpstreams()).toEqual({ logs: 0, stats: 1, events: 1 });
  });

  it('end every viewer and close every upstream when the program stops', async () => {
    const { connection, calls } = scriptedEngine();
    const streams = new Streams();
    const viewers = [
      streams.logs(connection, 'c1', FOLLOW, signal),
      streams.logs(connection, 'c1', { ...FOLLOW, follow: false }, signal),
      streams.stats(connection, 'c1', signal),
      streams.events(connection, signal),
    ];
    const [unasked, ...asked] = viewers;
    const waiting = asked.slice(1).map((viewer) => viewer.next());
    await turns(3);
    streams.close();
    for (const next of waiting) await expect(next).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(unasked?.next()).rejects.toMatchObject({ message: 'Dockmaster is shutting down' });
    await turns(3);
    expect(calls).toHaveLength(4);
    for (const { body } of calls) expect(body.destroyed).toBe(true);
    expect(streams.activeUpstreams()).toEqual({ logs: 0, stats: 0, events: 0 });
    expect(streams.activeViewers()).toBe(0);
    expect(() => streams.events(connection, signal)).toThrow('shutting down');
  });

  it('open nothing that stays open for a signal that was aborted before', async () => {
    const { connection } = scriptedEngine();
    const streams = new Streams();
    const viewer = streams.stats(connection, 'c1', AbortSignal.abort());
    expect(await viewer.next()).toEqual({ done: true, value: undefined });
    jest.advanceTimersByTime(1_000);
    await turns();
    expect(streams.activeUpstreams().stats).toBe(0);
  });
});
