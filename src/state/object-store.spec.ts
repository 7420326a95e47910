import { describe, expect, it } from '@jest/globals';
import { ObjectStore } from './object-store.js';
import { testRecord, type TestKept, type TestRecord } from './testing/records.js';

function storeOf(...records: TestRecord[]): ObjectStore<TestKept> {
  const store = new ObjectStore<TestKept>();
  for (const record of records) store.put(record);
  return store;
}

/** More than a store keeps of changes, and what it keeps at least. */
const MANY = 10_000;
const KEPT_AT_LEAST = 2_000;

describe('a reference', () => {
  const A = testRecord('one', { id: 'abc1' });
  const B = testRecord('abc1', { id: 'abd2' });
  const C = testRecord('abd', { id: 'bcd3' });

  it('is a full id before it is a name', () => {
    expect(storeOf(A, B).find('abc1')).toBe(A);
  });

  it('is a name before it is the start of an id', () => {
    expect(storeOf(A, B, C).find('abd')).toBe(C);
  });

  it('is a name with or without the slash that the engine puts before it', () => {
    expect(storeOf(A).find('/one')).toBe(A);
  });

  it('is the start of one id', () => {
    expect(storeOf(A, B, C).find('b')).toBe(C);
    expect(storeOf(A, B, C).find('abc')).toBe(A);
  });

  it('is nothing where several ids start so, where none does, and where it is empty', () => {
    const store = storeOf(A, B, C);
    expect([store.find('ab'), store.find('c'), store.find('abc12'), store.find('')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is no longer what was removed', () => {
    const store = storeOf(A, C);
    store.remove('abc1');
    expect([store.find('abc1'), store.find('one'), store.find('a')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a rename', () => {
  const named = (id: string, name: string) => testRecord(name, { id });

  it('frees the old name', () => {
    const store = storeOf(named('a', 'x'));
    store.put(named('a', 'y'));
    expect([store.find('x'), store.find('y')?.id]).toEqual([undefined, 'a']);
  });

  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('of two that swap names is seen whole when %s is read first', (first) => {
    const store = storeOf(named('a', 'x'), named('b', 'y'));
    const swapped = [named('a', 'y'), named('b', 'x')];
    if (first === 'b') swapped.reverse();
    for (const record of swapped) store.put(record);
    expect([store.find('x')?.id, store.find('y')?.id]).toEqual(['b', 'a']);
  });

  it('and back leaves the name with its owner, though another was read with it meanwhile', () => {
    const store = storeOf(named('a', 'x'), named('b', 'y'));
    store.put(named('b', 'x')); // a was renamed away and has the name back before it is read again
    store.put(named('a', 'x'));
    store.put(named('b', 'y'));
    expect([store.find('x')?.id, store.find('y')?.id]).toEqual(['a', 'b']);
  });

  it('to the name of what was removed, read before that, keeps the name', () => {
    const store = storeOf(named('a', 'x'));
    store.put(named('b', 'x'));
    store.remove('a');
    expect(store.find('x')?.id).toBe('b');
  });
});

describe('the objects of a store', () => {
  it('are newest first, those of one moment by id', () => {
    const store = storeOf(
      testRecord('old', { createdAt: 1 }),
      testRecord('b', { createdAt: 2 }),
      testRecord('a', { createdAt: 2 }),
    );
    expect(store.all().map(({ id }) => id)).toEqual(['a', 'b', 'old']);
  });

  it('are the same array until one of them changes', () => {
    const store = storeOf(testRecord('a'));
    const before = store.all();
    expect(store.put(testRecord('a'))).toBe(false);
    expect(store.all()).toBe(before);
    expect(store.put(testRecord('a', { version: 2 }))).toBe(true);
    expect(store.all()).toEqual([testRecord('a', { version: 2 })]);
  });

  it('are found by label as they are now', () => {
    const store = storeOf(testRecord('a', { labels: { team: 'web' } }), testRecord('b'));
    expect([...store.withLabel('team')].map(({ id }) => id)).toEqual(['a']);
    store.put(testRecord('a', { labels: { team: 'db' } }));
    expect(store.withLabel('team', 'web').size).toBe(0);
    store.remove('a');
    expect(store.withLabel('team').size).toBe(0);
  });
});

describe('the changes of a store', () => {
  const A2 = testRecord('a', { version: 2 });

  it('count the revision up, each by one, and tell what happened', () => {
    const store = storeOf(testRecord('a'));
    store.put(A2);
    store.remove('a');
    expect(store.revision).toBe(3);
    expect(store.changesSince(0)).toEqual([
      { revision: 1, kind: 'added', record: testRecord('a') },
      { revision: 2, kind: 'updated', record: A2 },
      { revision: 3, kind: 'removed', record: A2 },
    ]);
    expect(store.changesSince(2)).toHaveLength(1);
    expect(store.changesSince(3)).toEqual([]);
  });

  it('are none where nothing is different', () => {
    const store = storeOf(testRecord('a'));
    expect([store.put(testRecord('a')), store.remove('b')]).toEqual([false, false]);
    expect(store.revision).toBe(1);
  });

  it('can be told though nothing is different, of what there is', () => {
    const store = storeOf(testRecord('a'));
    store.announce('a');
    store.announce('b');
    expect(store.changesSince(1)).toEqual([{ revision: 2, kind: 'updated', record: testRecord('a') }]);
  });

  it('ring for those who wait', async () => {
    const store = storeOf();
    let rung = false;
    const waiting = store.changed.wait(new AbortController().signal).then(() => (rung = true));
    store.remove('a');
    await Promise.resolve();
    expect(rung).toBe(false);
    store.put(testRecord('a'));
    await waiting;
    expect(rung).toBe(true);
  });

  it('are unknown from before the oldest that is kept, and from a future that never was', () => {
    const store = storeOf();
    for (let version = 1; version <= MANY; version += 1) store.put(testRecord('a', { version }));
    expect(store.changesSince(0)).toBeUndefined();
    expect(store.changesSince(MANY - KEPT_AT_LEAST)).toHaveLength(KEPT_AT_LEAST);
    expect(store.changesSince(MANY - 2 * KEPT_AT_LEAST - 1)).toBeUndefined();
    expect(store.changesSince(MANY + 1)).toBeUndefined();
  });
});
