import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { Settings } from '../config/settings.js';
import { OpenStreams } from './open-streams.js';

const MOST = 2;
const actor: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };
const streams = () => new OpenStreams(Object.assign(new Settings(), { doorStreamsPerActor: MOST }));

const isFull = (open: OpenStreams) => {
  try {
    open.begin(actor)();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ kind: 'too_many_requests', retryAfter: expect.any(Number) });
    return true;
  }
};

describe('what one actor has open on engines', () => {
  it('is bounded for each by itself, and not for Dockmaster', () => {
    const open = streams();
    const ends = [open.begin(actor), open.begin(actor)];
    expect(isFull(open)).toBe(true);
    open.begin({ ...actor, id: 'other' });
    for (let index = 0; index <= MOST; index++) open.begin({ ...actor, kind: 'system' });
    ends[0]?.();
    ends[0]?.();
    expect(isFull(open)).toBe(false);
    open.begin(actor);
    expect(isFull(open)).toBe(true);
  });

  it('counts a stream until it is closed, and none that was not opened', async () => {
    const open = streams();
    open.begin(actor);
    await expect(
      open.until(
        actor,
        () => Promise.reject(new Error('away')),
        () => new PassThrough(),
      ),
    ).rejects.toThrow('away');
    expect(isFull(open)).toBe(false);
    const stream = await open.until(
      actor,
      () => Promise.resolve(new PassThrough()),
      (opened) => opened,
    );
    expect(isFull(open)).toBe(true);
    stream.destroy();
    await nextTurn();
    expect(isFull(open)).toBe(false);
    await open.until(
      actor,
      () => Promise.resolve(stream),
      (opened) => opened,
    );
    expect(isFull(open)).toBe(false);
  });

  it('counts what is read until it is left, has ended, or nobody is there to read it', async () => {
    const open = streams();
    open.begin(actor);
    const source = async function* () {
      yield await Promise.resolve(1);
      yield 2;
    };
    const whileRead = (signal = new AbortController().signal) =>
      open.whileRead(actor, signal, () => Promise.resolve(source()));
    for await (const item of await whileRead()) {
      expect([item, isFull(open)]).toEqual([1, true]);
      break;
    }
    expect(isFull(open)).toBe(false);
    const gone = new AbortController();
    await whileRead(gone.signal);
    expect(isFull(open)).toBe(true);
    gone.abort();
    expect(isFull(open)).toBe(false);
    await expect(open.whileRead(actor, gone.signal, () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
    expect(isFull(open)).toBe(false);
  });
});
