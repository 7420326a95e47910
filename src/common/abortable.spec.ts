import { describe, expect, it } from '@jest/globals';
import { openAbortable } from './abortable.js';

describe('a viewer that leaves', () => {
  const never = new AbortController().signal;

  it('ends a silent source at once, though it is being read', async () => {
    let cleanedUp = false;
    async function* silent(left: AbortSignal) {
      try {
        yield 'first';
        await new Promise((resolve) => left.addEventListener('abort', resolve));
      } finally {
        cleanedUp = true;
      }
    }
    const stream = await openAbortable((left) => Promise.resolve(silent(left)), never);
    expect(await stream.next()).toEqual({ done: false, value: 'first' });
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(cleanedUp).toBe(true);
  });

  it('ends a source that is not being read', async () => {
    const { promise: cleanedUp, resolve: cleanUp } = Promise.withResolvers<undefined>();
    async function* talkative() {
      try {
        for (;;) yield await Promise.resolve('more');
      } finally {
        cleanUp(undefined);
      }
    }
    const stream = await openAbortable(() => Promise.resolve(talkative()), never);
    await stream.next();
    await stream.return?.();
    await cleanedUp;
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });
});
