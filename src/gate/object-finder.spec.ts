import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { EngineFreshness } from '../state/engine-freshness.js';
import type { EngineWatch } from '../state/engine-watch.js';
import { ObjectState } from '../state/object-state.js';
import { ObjectWatch } from '../state/object-watch.js';
import type { State } from '../state/state.js';
import { ScriptedEngine } from '../state/testing/scripted-engine.js';
import { WATCHED_CONTAINERS } from '../state/watched-containers.js';
import { type FindOptions, ObjectFinder } from './object-finder.js';

const AWAY = new DomainError('engine_unavailable', 'It is away');
const { signal } = new AbortController();

describe('finding a container', () => {
  let engine: ScriptedEngine;
  let freshness: EngineFreshness;
  let finder: ObjectFinder;
  beforeEach(async () => {
    engine = new ScriptedEngine();
    freshness = new EngineFreshness(() => undefined);
    const watch = new ObjectWatch(WATCHED_CONTAINERS, engine.asConnection(), signal, () => undefined);
    const state = new ObjectState({ freshness } as unknown as EngineWatch, watch);
    finder = new ObjectFinder({ of: () => state } as unknown as State);
    engine.put('abc1', { name: 'web', labels: { team: 'web' } });
    engine.put('abd2', { name: 'db' });
    await watch.compare(true, signal);
    freshness.synced();
    engine.asked.splice(0);
  });

  const find = (reference: string, options: Partial<FindOptions> = {}) =>
    finder.container(engine.asConnection(), reference, { seesAll: true, ...options });

  it.each(['abc1', 'web', '/web', 'abc'])('by %s takes no call to the engine', async (reference) => {
    expect(await find(reference)).toMatchObject({
      id: 'abc1',
      name: 'web',
      labels: { team: 'web' },
      tty: false,
    });
    expect(engine.asked).toEqual([]);
  });

  it('that memory does not have asks the engine, for who sees all', async () => {
    engine.put('new');
    expect(await find('new')).toMatchObject({ id: 'new' });
    expect(await find('nowhere')).toBeUndefined();
    expect(engine.asked).toEqual(['new', 'nowhere']);
  });

  it('that memory does not have, or that is several, takes no other way for others', async () => {
    engine.put('new');
    for (const reference of ['new', 'nowhere', 'ab', ''])
      expect(await find(reference, { seesAll: false })).toBeUndefined();
    expect(engine.asked).toEqual([]);
  });

  it('that several ids start like is none', async () => {
    engine.failNext(new DomainError('engine_error', 'Multiple IDs found with provided prefix: ab'));
    expect(await find('ab')).toBeUndefined();
  });

  it('asks the engine once it is no longer followed: what is known may be gone', async () => {
    freshness.failed(AWAY);
    expect(await find('web', { seesAll: false })).toBeUndefined(); // the scripted engine knows ids only
    expect(await find('abc1', { seesAll: false })).toMatchObject({ id: 'abc1' });
    expect(engine.asked).toEqual(['web', 'abc1']);
  });

  it('fails for what is to be changed while the engine is away', async () => {
    freshness.failed(AWAY);
    engine.die();
    await expect(find('abc1')).rejects.toMatchObject({ kind: 'engine_unavailable' });
  });

  it('finds what was known for what is only read, also while the engine is away', async () => {
    freshness.failed(AWAY);
    engine.die();
    expect(await find('web', { evenStale: true, seesAll: false })).toMatchObject({ id: 'abc1' });
    expect(engine.asked).toEqual([]);
  });

  it('hands out the whole document when it is wanted, from memory where that is known', async () => {
    const found = await find('web');
    expect(await found?.document()).toMatchObject({ Id: 'abc1', Path: 'sleep' });
    expect(engine.asked).toEqual([]);
  });
});
