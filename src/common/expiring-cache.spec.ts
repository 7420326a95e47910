import { describe, expect, it, jest } from '@jest/globals';
import { ManualClock } from './clock.js';
import { ExpiringCache } from './expiring-cache.js';

describe('an expiring cache', () => {
  const build = (capacity = 10) => {
    const clock = new ManualClock();
    return { clock, cache: new ExpiringCache<string>(clock, { ttlMs: 2_000, capacity }) };
  };
  const counting = (value: string) => jest.fn(() => Promise.resolve(value));

  it('asks once within the time to live, and again after it', async () => {
    const { clock, cache } = build();
    const lookUp = counting('x');
    await cache.get('key', lookUp);
    clock.advance(1_999);
    expect(await cache.get('key', lookUp)).toBe('x');
    expect(lookUp).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await cache.get('key', lookUp);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it('shares one look-up among those who ask at the same time', async () => {
    const { cache } = build();
    const lookUp = counting('x');
    await Promise.all([cache.get('key', lookUp), cache.get('key', lookUp)]);
    expect(lookUp).toHaveBeenCalledTimes(1);
  });

  it('does not keep a failure', async () => {
    const { cache } = build();
    await expect(cache.get('key', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.get('key', counting('back'))).toBe('back');
  });

  it('drops the least recently used key when it is full', async () => {
    const { cache } = build(2);
    await cache.get('a', counting('a'));
    await cache.get('b', counting('b'));
    await cache.get('a', counting('a'));
    await cache.get('c', counting('c'));
    expect(cache.size).toBe(2);
    const a = counting('a');
    const b = counting('b');
    await cache.get('a', a);
    await cache.get('b', b);
    expect(a).not.toHaveBeenCalled();
    expect(b).toHaveBeenCalledTimes(1);
  });

  it('does not answer with a look-up that began before it was cleared', async () => {
    const { cache } = build();
    let answer: (value: string) => void = () => undefined;
    const slow = cache.get('key', () => new Promise<string>((resolve) => (answer = resolve)));
    cache.clear();
    const fresh = cache.get('key', counting('new'));
    answer('old');
    expect([await slow, await fresh]).toEqual(['old', 'new']);
    expect(await cache.get('key', counting('newer'))).toBe('new');
  });
});
