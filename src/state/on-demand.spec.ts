import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { turns } from '../streams/testing/turns.js';
import { EngineFreshness } from './engine-freshness.js';
import type { EngineWatch } from './engine-watch.js';
import { ObjectState } from './object-state.js';
import { ObjectWatch } from './object-watch.js';
import type { TestKept } from './testing/records.js';
import { ScriptedKind, type TestDocument, testEvent } from './testing/scripted-kind.js';

const MAX_AGE_MS = 1_000;
const AWAY = new DomainError('engine_unavailable', 'It is away');
const NO_SWARM = new DomainError('swarm_inactive', 'This node is not part of a swarm');

describe('a kind of objects that is listed on demand', () => {
  let kind: ScriptedKind;
  let watch: ObjectWatch<TestKept, TestDocument>;
  let state: ObjectState<TestKept, TestDocument>;
  let freshness: EngineFreshness;
  let left: AbortController;
  let now: number;

  beforeEach(() => {
    now = 1_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    left = new AbortController();
    kind = new ScriptedKind({ maxAgeMs: MAX_AGE_MS, isAbsence: (error) => error === NO_SWARM });
    freshness = new EngineFreshness(() => undefined);
    watch = new ObjectWatch(kind, {} as EngineConnection, left.signal, () => undefined);
    // Of the watch of the engine, only this is looked at.
    state = new ObjectState({ freshness, closed: left.signal } as unknown as EngineWatch, watch);
    freshness.synced();
  });
  afterEach(() => {
    left.abort();
    jest.restoreAllMocks();
  });

  const ids = async () => (await state.snapshot()).records.map(({ id }) => id).sort();

  it('costs nothing before somebody asks, whatever events tell', async () => {
    kind.set('a');
    await watch.catchUp(true, left.signal);
    watch.heard(testEvent('a'));
    await turns(3);
    expect(kind.asked).toEqual([]);
  });

  it('is listed by the first read, in one call however many objects there are', async () => {
    for (const id of ['a', 'b', 'c']) kind.set(id);
    expect(await ids()).toEqual(['a', 'b', 'c']);
    expect(kind.asked).toEqual(['*']);
  });

  it('is listed once for all who ask at once', async () => {
    kind.set('a');
    kind.hold();
    const reads = [ids(), ids(), ids()];
    await turns(3);
    kind.release();
    await Promise.all(reads);
    // All who asked before the list began share it; those who came while it was under way share the next.
    expect(kind.asked.length).toBeLessThanOrEqual(2);
  });

  it('is read from memory while the list is young enough, and then listed again', async () => {
    await ids();
    kind.set('b');
    now += MAX_AGE_MS;
    expect(await ids()).toEqual([]);
    now += 1;
    expect(await ids()).toEqual(['b']);
    kind.objects.delete('b');
    now += MAX_AGE_MS + 1;
    expect(await ids()).toEqual([]);
    expect(kind.asked).toEqual(['*', '*', '*']);
  });

  it('tells when it was listed', async () => {
    await ids();
    now += 500;
    expect((await state.snapshot()).syncedAt).toBe(now - 500);
  });

  it('is followed by events once it was listed', async () => {
    kind.set('a');
    await ids();
    kind.set('a', { version: 2 });
    watch.heard(testEvent('a'));
    await turns(3);
    expect((await state.find('a'))?.kept.version).toBe(2);
    expect(kind.asked).toEqual(['*', 'a']);
  });

  it('is listed again by the next read after a doubt, and after a change that was made', async () => {
    await ids();
    await watch.catchUp(false, left.signal);
    kind.set('a');
    expect(await ids()).toEqual(['a']);
    kind.set('b');
    state.outdated();
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('ends every read with what the engine says that has none, and asks it each time', async () => {
    kind.set('a');
    await ids();
    kind.fail(NO_SWARM);
    now += MAX_AGE_MS + 1;
    await expect(state.snapshot()).rejects.toBe(NO_SWARM);
    await expect(state.find('a')).rejects.toBe(NO_SWARM);
    kind.fail(undefined);
    expect(await ids()).toEqual(['a']);
  });

  it('ends a read with any other failure of the list, and shows nothing older than it may', async () => {
    kind.set('a');
    await ids();
    kind.fail(AWAY);
    now += MAX_AGE_MS + 1;
    await expect(state.snapshot()).rejects.toBe(AWAY);
  });

  it('shows what was known last while the engine is away, and fails where nothing was', async () => {
    freshness.failed(AWAY);
    await expect(state.snapshot()).rejects.toBe(AWAY);
    freshness.synced();
    kind.set('a');
    await ids();
    freshness.failed(AWAY);
    now += MAX_AGE_MS + 1;
    const { records, staleSince } = await state.snapshot();
    expect([records.length, staleSince]).toEqual([1, now - MAX_AGE_MS - 1]);
  });

  it('is not overtaken by a list that is older than what an event told of', async () => {
    kind.set('a');
    await ids();
    now += MAX_AGE_MS + 1;
    kind.hold();
    const listing = ids();
    await turns(2);
    kind.set('a', { version: 3 });
    watch.heard(testEvent('a'));
    kind.release();
    await listing;
    await turns(5);
    expect(watch.store.get('a')?.kept.version).toBe(3);
  });
});

describe('a watcher of a kind that is listed on demand', () => {
  it('hears of what no event tells, and of the absence', async () => {
    const left = new AbortController();
    const kind = new ScriptedKind({ maxAgeMs: 5, isAbsence: (error) => error === NO_SWARM });
    const watch = new ObjectWatch(kind, {} as EngineConnection, left.signal, () => undefined);
    const freshness = new EngineFreshness(() => undefined);
    freshness.synced();
    const state = new ObjectState({ freshness, closed: left.signal } as unknown as EngineWatch, watch);
    const news = state.news(undefined, left.signal);
    expect((await news.next()).value).toMatchObject({ kind: 'all' });
    kind.set('a');
    expect((await news.next()).value).toMatchObject({ kind: 'changes', changes: [{ kind: 'added' }] });
    kind.fail(NO_SWARM);
    await expect(news.next()).rejects.toBe(NO_SWARM);
    left.abort();
  });
});
