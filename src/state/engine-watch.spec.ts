import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { DomainError } from '../common/errors.js';
import { turns, until } from '../streams/testing/turns.js';
import { EngineWatch } from './engine-watch.js';
import { ScriptedEngine } from './testing/scripted-engine.js';
import { ScriptedTime } from './testing/scripted-time.js';

const RING = 256;
const TEN_MINUTES_MS = 600_000;

describe('the watch of an engine', () => {
  const time = new ScriptedTime();
  let engine: ScriptedEngine;
  let watch: EngineWatch;
  beforeEach(() => {
    time.install();
    engine = new ScriptedEngine();
    watch = new EngineWatch(engine.asConnection(), pino({ level: 'silent' }));
  });
  afterEach(() => {
    watch.stop();
    time.restore();
  });

  const ids = () =>
    watch
      .of('container')
      .store.all()
      .map(({ id }) => id);
  const nameOf = (id: string) => watch.of('container').store.get(id)?.name;
  const count = (what: string) => engine.asked.filter((asked) => asked === what).length;
  const live = () => watch.freshness.live;
  /** Follows, and forgets what was asked for that. */
  const begin = async () => {
    watch.start();
    await until(live);
    engine.asked.splice(0);
  };
  /** Lets the time pass that a doubt has to wait for. */
  const passRest = async () => {
    time.pass(1_000);
    await turns(5);
  };

  it('subscribes first and then lists, so that nothing falls between', async () => {
    engine.put('a');
    watch.start();
    await until(live);
    expect(engine.asked).toEqual(['ping', 'events', 'list', 'a']);
    expect(ids()).toEqual(['a']);
  });

  it("asks for events from a little before, by the engine's clock and not by ours", async () => {
    engine.time = Date.UTC(2020, 0, 1);
    await begin();
    expect(engine.since).toEqual([Date.UTC(2020, 0, 1) / 1_000 - 2]);
  });

  it('is live only when all is read', async () => {
    engine.put('a');
    engine.hold();
    watch.start();
    await turns(5);
    expect(live()).toBe(false);
    engine.release();
    await until(live);
  });

  it('reads again what an event tells of', async () => {
    engine.put('a');
    await begin();
    engine.put('a', { name: 'renamed' });
    engine.tell('a', 'rename');
    await until(() => nameOf('a') === 'renamed');
    expect(engine.asked).toEqual(['a']);
  });

  describe('an engine that goes away', () => {
    it('leaves what was known, stale, and is read anew when it is back', async () => {
      engine.put('a');
      engine.put('b');
      await begin();
      engine.die();
      await until(() => !live());
      expect([ids(), watch.freshness.current.staleSince]).toEqual([['a', 'b'], time.now]);
      engine.remove('a');
      engine.put('c');
      engine.comeBack();
      time.pass(10_000);
      await until(live);
      expect(ids()).toEqual(['b', 'c']);
      expect(engine.listeners).toBe(1);
    });

    it('is not asked all the time', async () => {
      await begin();
      engine.die();
      for (let second = 0; second < 60; second += 1) {
        time.pass(1_000);
        await turns(3);
      }
      expect(count('ping')).toBeGreaterThan(5);
      expect(count('ping')).toBeLessThan(30);
    });

    it('is tried at once when somebody has found it there', async () => {
      await begin();
      engine.die();
      await until(() => !live());
      engine.comeBack();
      await turns(5);
      expect(live()).toBe(false);
      watch.tryNow();
      await until(live);
    });

    it('is stale also when only its event stream has ended', async () => {
      await begin();
      engine.endEvents();
      await until(() => !live());
      expect(watch.freshness.current.failure).toMatchObject({ kind: 'engine_unavailable' });
      time.pass(10_000);
      await until(live);
    });

    it('is stale when it was found not to answer, whatever its event stream says', async () => {
      await begin();
      const reason = new DomainError('engine_unavailable', 'It does not answer');
      watch.interrupt(reason);
      await until(() => !live());
      expect(watch.freshness.current.failure).toBe(reason);
      expect(engine.listeners).toBe(0);
    });

    it('is not taken for followed when it goes while it is being read', async () => {
      engine.put('a');
      engine.hold();
      watch.start();
      await until(() => engine.asked.includes('list'));
      engine.endEvents();
      await turns(5);
      engine.release();
      await turns(10);
      expect(live()).toBe(false);
    });
  });

  describe('a doubt', () => {
    it('does not come of fewer events at once than the engine keeps', async () => {
      await begin();
      engine.put('silent');
      for (let event = 0; event < RING - 1; event += 1) engine.tell('other', 'top');
      await passRest();
      expect(count('list')).toBe(0);
    });

    it('comes of as many as it keeps, for they may be the last of more, and is settled by a comparison', async () => {
      await begin();
      engine.put('silent');
      for (let event = 0; event < RING; event += 1) engine.tell('other', 'top');
      await turns(5);
      await passRest();
      await until(() => ids().includes('silent'));
      expect(count('list')).toBe(1);
    });

    it('does not come of many events later on', async () => {
      await begin();
      time.pass(3_000);
      for (let event = 0; event < 2 * RING; event += 1) engine.tell('other', 'top');
      await turns(5);
      await passRest();
      expect(count('list')).toBe(0);
    });

    it("comes when the engine's clock was set back", async () => {
      await begin();
      engine.put('silent');
      engine.tell('other', 'top');
      engine.time -= 500;
      engine.tell('other', 'top');
      await turns(5);
      await passRest();
      expect(count('list')).toBe(0);
      engine.time -= 2_000;
      engine.tell('other', 'top');
      await turns(5);
      await passRest();
      await until(() => ids().includes('silent'));
    });

    it('comes of a reading that failed, and everything that is active is read again', async () => {
      engine.put('a');
      engine.put('b');
      await begin();
      engine.hold();
      engine.tell('a');
      await until(() => count('a') === 1);
      engine.die();
      engine.release();
      await turns(5);
      engine.comeBack();
      engine.put('a', { name: 'renamed' });
      time.pass(10_000);
      await until(live);
      expect(nameOf('a')).toBe('renamed');
      expect(count('b')).toBe(1);
    });
  });

  describe('a comparison without a doubt', () => {
    it('that finds nothing goes on with the same subscription', async () => {
      engine.put('a');
      await begin();
      time.pass(TEN_MINUTES_MS);
      await until(() => count('list') === 1);
      await turns(10);
      expect([count('events'), live(), watch.freshness.current.syncedAt]).toEqual([0, true, time.now]);
    });

    it('that finds what no event told of gives the subscription up for a new one', async () => {
      engine.put('a');
      await begin();
      engine.put('a', { name: 'renamed' });
      time.pass(TEN_MINUTES_MS);
      await until(() => nameOf('a') === 'renamed');
      await until(() => !live());
      time.pass(10_000);
      await until(live);
      expect(count('events')).toBe(1);
    });
  });

  describe('a comparison that somebody asks for', () => {
    it('finds what no event told of', async () => {
      await begin();
      engine.put('silent');
      await watch.compareNow();
      expect(ids()).toEqual(['silent']);
    });

    it('is one for all who ask while one goes on, and begins after they asked', async () => {
      await begin();
      engine.hold();
      const first = watch.compareNow();
      await turns(2);
      engine.put('silent');
      const others = [watch.compareNow(), watch.compareNow()];
      engine.release();
      await Promise.all([first, ...others]);
      expect([ids(), count('list')]).toEqual([['silent'], 2]);
    });

    it('fails where the engine is away', async () => {
      await begin();
      engine.hold();
      const asked = watch.compareNow();
      const failure = expect(asked).rejects.toMatchObject({ kind: 'engine_unavailable' });
      await turns(2);
      engine.die();
      engine.release();
      await failure;
    });

    it('that fails leaves a doubt, which another comparison settles', async () => {
      await begin();
      engine.put('silent');
      engine.failNext(new DomainError('engine_timeout', 'It takes too long'));
      await expect(watch.compareNow()).rejects.toMatchObject({ kind: 'engine_timeout' });
      expect([ids(), live()]).toEqual([[], true]);
      await passRest();
      await until(() => ids().includes('silent'));
    });

    it('looks as close as a doubt from before wants', async () => {
      engine.put('a');
      await begin();
      engine.failNext(new DomainError('engine_timeout', 'It takes too long'));
      engine.tell('a');
      await until(() => count('a') === 1);
      await turns(3);
      engine.change('a', { Path: 'hidden from lists' });
      await watch.compareNow();
      expect(watch.of('container').store.get('a')?.kept.Path).toBe('hidden from lists');
    });

    it('does not make an engine followed whose events are not', async () => {
      await begin();
      engine.endEvents();
      await until(() => !live());
      engine.put('silent');
      await watch.compareNow();
      expect([ids(), live()]).toEqual([['silent'], false]);
    });
  });

  it('ends its subscription and its watchers with the program', async () => {
    await begin();
    watch.close();
    expect(watch.closed.reason).toMatchObject({ kind: 'unavailable' });
    expect(live()).toBe(true);
    watch.stop();
    await turns(3);
    expect([live(), engine.listeners]).toEqual([false, 0]);
    engine.asked.splice(0);
    time.pass(TEN_MINUTES_MS);
    await turns(5);
    expect(engine.asked).toEqual([]);
  });
});
