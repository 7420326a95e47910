import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { turns } from '../streams/testing/turns.js';
import { EngineFreshness } from './engine-freshness.js';
import type { EngineWatch } from './engine-watch.js';
import { type ObjectNews, ObjectState } from './object-state.js';
import { ObjectWatch } from './object-watch.js';
import { type TestKept, testRecord } from './testing/records.js';
import { ScriptedKind, type TestDocument } from './testing/scripted-kind.js';

const AWAY = new DomainError('engine_unavailable', 'It is away');
/** More changes than are kept for watchers who are behind. */
const TOO_MANY = 5_000;

describe('what memory has of one kind of objects', () => {
  let kind: ScriptedKind;
  let watch: ObjectWatch<TestKept, TestDocument>;
  let freshness: EngineFreshness;
  let closing: AbortController;
  let left: AbortController;
  let state: ObjectState<TestKept, TestDocument>;
  beforeEach(() => {
    kind = new ScriptedKind();
    left = new AbortController();
    closing = new AbortController();
    freshness = new EngineFreshness(() => undefined);
    watch = new ObjectWatch(kind, {} as EngineConnection, left.signal, () => undefined);
    // Of the watch of the engine, only this is looked at.
    const engine = { freshness, closed: closing.signal } as unknown as EngineWatch;
    state = new ObjectState(engine, watch);
    freshness.synced();
  });

  const put = (...names: string[]) => names.forEach((name) => watch.store.put(testRecord(name)));
  const watchFrom = (after?: number) => state.news(after, left.signal);
  const next = async (news: AsyncGenerator<ObjectNews<TestKept>>): Promise<string> => {
    const result = await news.next();
    return result.done === true ? 'over' : inWords(result.value);
  };

  describe('a watcher', () => {
    it('gets all there is, and then what changes', async () => {
      put('a');
      const news = watchFrom();
      expect(await next(news)).toBe('all: a');
      put('b');
      expect(await next(news)).toBe('changes: added b');
      const waiting = next(news);
      await turns(3);
      watch.store.put(testRecord('a', { version: 2 }));
      expect(await waiting).toBe('changes: updated a');
      watch.store.remove('b');
      expect(await next(news)).toBe('changes: removed b');
    });

    it('gets of several changes of one object only the last, in the order of these', async () => {
      put('a', 'b');
      const news = watchFrom();
      await next(news);
      for (const version of [2, 3]) watch.store.put(testRecord('a', { version }));
      watch.store.remove('b');
      watch.store.put(testRecord('a', { version: 4 }));
      expect(await next(news)).toBe('changes: removed b, updated a');
    });

    it('is told of what is new and has changed since as new', async () => {
      const news = watchFrom();
      await next(news);
      put('a');
      watch.store.put(testRecord('a', { version: 2 }));
      expect(await next(news)).toBe('changes: added a');
    });

    it('that comes back gets what changed since, and nothing twice', async () => {
      put('a');
      const { revision } = watch.store;
      put('b', 'c');
      const news = watchFrom(revision);
      expect(await next(news)).toBe('changes: added b, added c');
      put('d');
      expect(await next(news)).toBe('changes: added d');
    });

    it('that is too slow gets all there is again, and costs nothing meanwhile', async () => {
      put('a');
      const news = watchFrom();
      await next(news);
      for (let version = 2; version <= TOO_MANY; version += 1) watch.store.put(testRecord('a', { version }));
      expect(await next(news)).toBe('all: a');
      put('b');
      expect(await next(news)).toBe('changes: added b');
    });

    it('that comes back too late, or from a future that never was, gets all there is', async () => {
      for (let version = 1; version <= TOO_MANY; version += 1) watch.store.put(testRecord('a', { version }));
      expect(await next(watchFrom(1))).toBe('all: a');
      expect(await next(watchFrom(watch.store.revision + 1))).toBe('all: a');
    });

    it('is told when the engine goes away and when it comes back, each once', async () => {
      const news = watchFrom();
      await next(news);
      const waiting = next(news);
      freshness.failed(AWAY);
      freshness.failed(AWAY);
      expect(await waiting).toBe('stale');
      const back = next(news);
      freshness.catchingUp();
      await turns(3);
      put('a');
      expect(await back).toBe('changes: added a');
      freshness.synced();
      expect(await next(news)).toBe('live');
    });

    it('that comes while the engine is away gets what was known, and is told', async () => {
      put('a');
      freshness.failed(AWAY);
      expect(await next(watchFrom())).toBe('all: a (stale)');
      const returning = watchFrom(watch.store.revision);
      expect(await next(returning)).toBe('stale');
    });

    it('gets the error of an engine that was never there', async () => {
      freshness = new EngineFreshness(() => freshness.failed(AWAY));
      const engine = { freshness, closed: closing.signal } as unknown as EngineWatch;
      await expect(new ObjectState(engine, watch).news(undefined, left.signal).next()).rejects.toBe(AWAY);
    });

    it('that leaves gets nothing more', async () => {
      const news = watchFrom();
      await next(news);
      const waiting = next(news);
      left.abort();
      expect(await waiting).toBe('over');
    });

    it('is told when the program stops', async () => {
      const news = watchFrom();
      await next(news);
      const waiting = news.next();
      const stopping = new DomainError('unavailable', 'stopping');
      closing.abort(stopping);
      await expect(waiting).rejects.toBe(stopping);
    });
  });

  describe('a read', () => {
    it('after a change of our own waits until that can be read', async () => {
      kind.set('a', { version: 2 });
      put('a');
      kind.hold();
      state.touched('a');
      const [snapshot, found] = [state.snapshot(), state.find('a')];
      await turns(2);
      kind.release();
      expect((await snapshot).records).toMatchObject([{ kept: { version: 2 } }]);
      expect(await found).toMatchObject({ kept: { version: 2 } });
    });

    it('tells how far it can be relied on', async () => {
      const { syncedAt } = freshness.current;
      expect(await state.snapshot()).toMatchObject({
        records: [],
        revision: 0,
        syncedAt,
        staleSince: undefined,
      });
      expect(state.live).toBe(true);
      freshness.failed(AWAY);
      const { staleSince } = freshness.current;
      expect(staleSince).toBeDefined();
      expect(await state.snapshot()).toMatchObject({ syncedAt, staleSince });
      expect(state.live).toBe(false);
    });
  });
});

function inWords(news: ObjectNews<TestKept>): string {
  switch (news.kind) {
    case 'all': {
      const { records, staleSince } = news.snapshot;
      return `all: ${records.map(({ id }) => id).join(', ')}${staleSince === undefined ? '' : ' (stale)'}`;
    }
    case 'changes':
      return `changes: ${news.changes.map(({ kind, record }) => `${kind} ${record.id}`).join(', ')}`;
    case 'freshness':
      return news.staleSince === undefined ? 'live' : 'stale';
  }
}
