import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { turns } from '../streams/testing/turns.js';
import { ObjectWatch } from './object-watch.js';
import type { TestKept } from './testing/records.js';
import { ScriptedKind, type TestDocument, testEvent } from './testing/scripted-kind.js';

const { signal } = new AbortController();
const AWAY = new DomainError('engine_unavailable', 'It is away');

describe('the watch of one kind of objects', () => {
  let kind: ScriptedKind;
  let watch: ObjectWatch<TestKept, TestDocument>;
  let doubts: string[];
  beforeEach(() => {
    kind = new ScriptedKind();
    doubts = [];
    // The scripted kind asks no connection.
    watch = new ObjectWatch(kind, {} as EngineConnection, signal, (reason) => doubts.push(reason));
  });

  const version = (id: string) => watch.store.get(id)?.kept.version;
  const kinds = (since: number) =>
    watch.store.changesSince(since)?.map(({ kind: what, record }) => `${what} ${record.id}`);
  /** Reads all there is, and forgets that it was asked. */
  const begin = async (...ids: string[]) => {
    for (const id of ids) kind.set(id);
    await watch.compare(true, signal);
    kind.asked.splice(0);
  };

  describe('an event', () => {
    it('makes what it is about be read again', async () => {
      await begin('a', 'b');
      kind.set('a', { version: 2 });
      watch.heard(testEvent('a'));
      await turns(3);
      expect([version('a'), kind.asked]).toEqual([2, ['a']]);
    });

    it('of what is new adds it, of what is gone removes it', async () => {
      await begin('a');
      const { revision } = watch.store;
      kind.objects.delete('a');
      kind.set('b');
      watch.heard(testEvent('a'));
      watch.heard(testEvent('b'));
      await turns(3);
      expect(kinds(revision)).toEqual(['removed a', 'added b']);
    });

    it('that overtakes a reading makes another one, after which what is true now is kept', async () => {
      await begin('a');
      kind.hold();
      kind.set('a', { version: 2 });
      watch.heard(testEvent('a'));
      await turns(1);
      kind.set('a', { version: 3 });
      watch.heard(testEvent('a'));
      watch.heard(testEvent('a'));
      kind.release();
      await turns(5);
      expect([version('a'), kind.asked]).toEqual([3, ['a', 'a']]);
    });

    it('that is about something else is no reason to read', async () => {
      await begin('a');
      watch.heard(testEvent('a', 'object', 'image'));
      await turns(3);
      expect(kind.asked).toEqual([]);
    });

    it('that cannot be followed is a doubt', async () => {
      await begin('a');
      kind.fail(AWAY);
      watch.heard(testEvent('a'));
      await turns(3);
      expect([doubts, version('a')]).toEqual([['It is away'], 1]);
    });

    it('whose reading the end of the program cancelled is none', async () => {
      await begin('a');
      kind.fail(new DomainError('cancelled', 'stopping'));
      watch.heard(testEvent('a'));
      await turns(3);
      expect(doubts).toEqual([]);
    });

    it('of too many at once is left to a comparison', async () => {
      await begin();
      kind.hold();
      for (let id = 0; id < 20_010; id += 1) watch.heard(testEvent(String(id)));
      expect(new Set(doubts)).toEqual(new Set(['more events than can be followed']));
      kind.release();
    });
  });

  describe('a whole document', () => {
    it('is read once for as long as nothing happens to the object', async () => {
      await begin();
      kind.set('a');
      const both = await Promise.all([watch.document('a'), watch.document('a')]);
      expect(both[0]).toBe(both[1]);
      expect(await watch.document('a')).toBe(both[0]);
      expect(kind.asked).toEqual(['a']);
    });

    it.each(['object', 'document'])('is read again after an event that changes the %s', async (changes) => {
      await begin('a');
      await watch.document('a');
      kind.set('a', { secret: 'new' });
      watch.heard(testEvent('a', changes));
      await turns(3);
      expect(await watch.document('a')).toMatchObject({ secret: 'new' });
    });

    it('that an event overtook is not kept', async () => {
      await begin('a');
      watch.heard(testEvent('a', 'document'));
      kind.hold();
      const old = watch.document('a');
      kind.set('a', { secret: 'new' });
      watch.heard(testEvent('a', 'document'));
      kind.release();
      expect(await old).toMatchObject({ secret: '' });
      expect(await watch.document('a')).toMatchObject({ secret: 'new' });
      expect(await watch.document('a')).toMatchObject({ secret: 'new' });
    });

    it('that a comparison of everything overtook is not kept', async () => {
      await begin('a');
      await watch.refresh('a');
      watch.heard(testEvent('a', 'document'));
      kind.hold();
      const old = watch.document('a');
      kind.set('a', { secret: 'new' });
      const comparing = watch.compare(true, signal);
      kind.release();
      await Promise.all([old, comparing]);
      expect(await watch.document('a')).toMatchObject({ secret: 'new' });
    });

    it('is nothing for what there is not, which is asked again', async () => {
      await begin();
      expect(await watch.document('a')).toBeUndefined();
      kind.set('a');
      expect(await watch.document('a')).toBeDefined();
    });

    it('that fails is tried again', async () => {
      await begin('a');
      watch.heard(testEvent('a', 'document'));
      kind.fail(AWAY);
      await expect(watch.document('a')).rejects.toBe(AWAY);
      kind.fail(undefined);
      expect(await watch.document('a')).toBeDefined();
    });
  });

  describe('an object over which the engine stands still', () => {
    const STILL = new DomainError('engine_timeout', 'It did not answer within 15 s');

    it('keeps no other from being followed, and leaves a doubt', async () => {
      for (const id of ['a', 'b', 'c']) kind.set(id);
      kind.failFor('b', STILL);
      await watch.compare(true, signal);
      expect(watch.store.all().map(({ id }) => id)).toEqual(['a', 'c']);
      expect(doubts).toEqual(['the engine does not answer about test b']);
    });

    it('stays as it was known, and is read again with the next comparison', async () => {
      await begin('a', 'b');
      kind.set('b', { version: 2 });
      kind.failFor('b', STILL);
      await watch.compare(false, signal);
      expect(version('b')).toBe(1);
      kind.failFor('b', undefined);
      await watch.compare(false, signal);
      expect(version('b')).toBe(2);
    });

    it('is no excuse for an engine that is away', async () => {
      kind.set('a');
      kind.failFor('a', AWAY);
      await expect(watch.compare(true, signal)).rejects.toBe(AWAY);
    });
  });

  describe('a comparison', () => {
    it('finds what is new, what is different and what is gone', async () => {
      await begin('stays', 'changes', 'goes');
      const { revision } = watch.store;
      kind.objects.delete('goes');
      kind.set('changes', { version: 2 });
      kind.set('comes');
      expect(await watch.compare(false, signal)).toBe(3);
      expect(kinds(revision)?.sort()).toEqual(['added comes', 'removed goes', 'updated changes']);
      expect(kind.asked.sort()).toEqual(['*', 'changes', 'comes', 'goes']);
    });

    it('of everything finds also what lists do not show of what is active', async () => {
      await begin('a');
      kind.set('asleep', { active: false });
      await watch.compare(true, signal);
      kind.asked.splice(0);
      kind.set('a', { secret: 'new' });
      expect(await watch.compare(false, signal)).toBe(0);
      expect(await watch.compare(true, signal)).toBe(1);
      expect(watch.store.get('a')?.labels).toEqual({ secret: 'new' });
      expect(kind.asked).toEqual(['*', '*', 'a']);
    });

    it('reads again, and does not drop, what came after the list was made', async () => {
      await begin('a');
      kind.hold();
      const comparing = watch.compare(true, signal);
      kind.set('b');
      watch.heard(testEvent('b'));
      await turns(2);
      kind.release();
      await comparing;
      expect(version('b')).toBe(1);
    });

    it('counts only what no event told of', async () => {
      await begin('a', 'b');
      kind.set('a', { version: 2 });
      kind.set('b', { version: 2 });
      watch.heard(testEvent('a'));
      expect(await watch.compare(false, signal)).toBe(1);
    });

    it('does not count what an event tells of while it goes on', async () => {
      await begin('a');
      kind.set('a', { version: 2 });
      kind.hold();
      const comparing = watch.compare(false, signal);
      watch.heard(testEvent('a'));
      kind.release();
      expect(await comparing).toBe(0);
    });

    it('that failed leaves what it could not read to the next, though its list looks the same', async () => {
      await begin('a');
      kind.set('a', { version: 2, active: false });
      kind.hold();
      const failing = watch.compare(true, signal);
      kind.fail(AWAY); // for what is asked after the list
      kind.release();
      await expect(failing).rejects.toBe(AWAY);
      kind.fail(undefined);
      await watch.compare(true, signal);
      expect(version('a')).toBe(2);
    });

    it('reads what an event told of and could not be read, though its list looks the same', async () => {
      kind.set('a', { active: false });
      await watch.compare(true, signal);
      kind.fail(AWAY);
      kind.set('a', { secret: 'new', active: false });
      watch.heard(testEvent('a'));
      await turns(3);
      kind.fail(undefined);
      await watch.compare(true, signal);
      expect(watch.store.get('a')?.labels).toEqual({ secret: 'new' });
    });
  });

  describe('a change of our own', () => {
    it('can be read once all is settled', async () => {
      await begin('a');
      kind.set('a', { version: 2 });
      watch.touched('a');
      expect(version('a')).toBe(1);
      await watch.settled();
      expect(version('a')).toBe(2);
    });

    it('is read by a reading that began after it, not by one under way', async () => {
      await begin('a');
      kind.hold();
      watch.heard(testEvent('a'));
      await turns(1);
      kind.set('a', { version: 2 });
      watch.touched('a');
      const settled = watch.settled();
      kind.release();
      await settled;
      expect(version('a')).toBe(2);
    });

    it('is told to watchers where asked, also where nothing is different', async () => {
      await begin('a');
      const { revision } = watch.store;
      watch.touched('a');
      await watch.settled();
      expect(kinds(revision)).toEqual([]);
      watch.touched('a', { announce: true });
      await watch.settled();
      expect(kinds(revision)).toEqual(['updated a']);
    });

    it('that cannot be read is a doubt, and keeps nobody waiting', async () => {
      await begin('a');
      kind.fail(AWAY);
      watch.touched('a');
      await watch.settled();
      expect(doubts).toEqual(['It is away']);
    });
  });
});
