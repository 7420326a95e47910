import { describe, expect, it } from '@jest/globals';
import { JobSlots, type SlotLimits } from './job-slots.js';

interface Work {
  readonly name: string;
  readonly creator: string;
}

function slots(limits: Partial<SlotLimits> = {}) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const run = ({ name }: Work) => {
    begun.push(name);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    ends.set(name, () => resolve(undefined));
    return promise as Promise<unknown> as Promise<void>;
  };
  const all = new JobSlots<Work>(run, {
    running: 2,
    runningOfOne: 2,
    unfinished: 100,
    unfinishedOfOne: 100,
    ...limits,
  });
  const add = (creator: string, name: string) => {
    const work = { creator, name };
    all.reserve(creator).enter(work);
    return work;
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { all, begun, add, end };
}

describe('room for jobs', () => {
  it('lets a few be done at a time, the others in the order in which they came', async () => {
    const { begun, add, end } = slots();
    for (const name of ['a', 'b', 'c', 'd']) add('alice', name);
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('a');
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps room for others than the one who asks for everything', async () => {
    const { begun, add, end } = slots({ runningOfOne: 1 });
    for (const name of ['a1', 'a2', 'a3']) add('alice', name);
    add('bob', 'b1');
    expect(begun).toEqual(['a1', 'b1']);
    await end('b1');
    expect(begun).toEqual(['a1', 'b1']);
    await end('a1');
    expect(begun).toEqual(['a1', 'b1', 'a2']);
  });

  it.each([
    ['of one', { unfinishedOfOne: 2 }, 'alice'],
    ['of all', { unfinished: 2 }, 'bob'],
  ])('refuses more than so many %s that have not ended', async (_, limits, creator) => {
    const { all, add, end } = slots(limits);
    add('alice', 'a');
    add('alice', 'b');
    expect(() => all.reserve(creator)).toThrow(expect.objectContaining({ kind: 'too_many_requests' }));
    await end('a');
    all.reserve(creator).giveUp();
    all.reserve(creator).giveUp();
  });

  it('forgets one that is withdrawn while it waits, and none that is being done', () => {
    const { all, begun, add } = slots({ running: 1, unfinished: 2 });
    const first = add('alice', 'a');
    const second = add('alice', 'b');
    expect(all.withdraw(first)).toBe(false);
    expect(all.withdraw(second)).toBe(true);
    expect(all.withdraw(second)).toBe(false);
    add('alice', 'c');
    expect(begun).toEqual(['a']);
  });
});
