import { describe, expect, it, jest } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { ManualClock } from '../common/clock.js';
import { CredentialCache } from './credential-cache.js';

const ALICE: Actor = { kind: 'user', id: 'u-alice', name: 'alice', teamIds: [] };
const looking = (actor: Actor | undefined) => jest.fn(() => Promise.resolve(actor));

describe('the credential cache', () => {
  it.each([
    ['a known token', ALICE],
    ['an unknown token', undefined],
  ])('looks %s up at most every two seconds', async (_what, actor) => {
    const clock = new ManualClock();
    const cache = new CredentialCache(clock);
    const lookUp = looking(actor);
    for (let index = 0; index < 3; index++) expect(await cache.actor('hash', lookUp)).toBe(actor);
    expect(lookUp).toHaveBeenCalledTimes(1);
    clock.advance(2_000);
    await cache.actor('hash', lookUp);
    expect(lookUp).toHaveBeenCalledTimes(2);
  });

  it('keeps tokens in use at hand while somebody sends thousands of unknown ones at once', async () => {
    const cache = new CredentialCache(new ManualClock());
    await cache.actor('alice', looking(ALICE));
    await Promise.all(
      Array.from({ length: 25_000 }, (_, index) => cache.actor(`x${index}`, looking(undefined))),
    );
    const again = looking(ALICE);
    expect(await cache.actor('alice', again)).toBe(ALICE);
    expect(again).not.toHaveBeenCalled();
  });

  it('does not keep what was looked up before a credential was withdrawn', async () => {
    const cache = new CredentialCache(new ManualClock());
    let answer: (actor: Actor) => void = () => undefined;
    const slow = cache.actor('alice', () => new Promise((resolve) => (answer = resolve)));
    cache.clear();
    answer(ALICE);
    expect(await slow).toBe(ALICE);
    expect(await cache.actor('alice', looking(undefined))).toBeUndefined();
  });
});
