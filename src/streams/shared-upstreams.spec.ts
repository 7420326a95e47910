import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { SharedUpstreams } from './shared-upstreams.js';
import { turns } from './testing/turns.js';
import { Upstream } from './upstream.js';

const LINGER_MS = 1_000;

/** An upstream that ends when it is told to. */
function openUpstream() {
  let end!: (failure?: Error) => void;
  const ended = new Promise<void>((resolve, reject) => {
    end = (failure) => (failure ? reject(failure) : resolve());
  });
  const upstream = new Upstream((_, opened) => {
    opened();
    return ended;
  });
  return { upstream, end };
}

describe('shared upstreams', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are opened once for viewers of the same key, and apart for others', () => {
    const shared = new SharedUpstreams<ReturnType<typeof openUpstream>>(LINGER_MS);
    const [first, second, other] = [
      shared.acquire('a', openUpstream),
      shared.acquire('a', openUpstream),
      shared.acquire('b', openUpstream),
    ];
    expect(second.shared).toBe(first.shared);
    expect(other.shared).not.toBe(first.shared);
    expect(shared.size).toBe(2);
  });

  it('close shortly after the last viewer has left, not before', async () => {
    const shared = new SharedUpstreams<ReturnType<typeof openUpstream>>(LINGER_MS);
    const [first, second] = [shared.acquire('a', openUpstream), shared.acquire('a', openUpstream)];
    first.release();
    first.release(); // Twice is once.
    jest.advanceTimersByTime(LINGER_MS * 2);
    expect(first.shared.upstream.over).toBe(false);
    second.release();
    jest.advanceTimersByTime(LINGER_MS - 1);
    expect(first.shared.upstream.over).toBe(false);
    jest.advanceTimersByTime(1);
    expect(first.shared.upstream.over).toBe(true);
    await turns();
    expect(shared.size).toBe(0);
  });

  it('stay open for a viewer who comes while they linger', () => {
    const shared = new SharedUpstreams<ReturnType<typeof openUpstream>>(LINGER_MS);
    const first = shared.acquire('a', openUpstream);
    first.release();
    jest.advanceTimersByTime(LINGER_MS - 1);
    const second = shared.acquire('a', openUpstream);
    jest.advanceTimersByTime(LINGER_MS * 10);
    expect(second.shared).toBe(first.shared);
    expect(second.shared.upstream.over).toBe(false);
  });

  it('are opened anew after they have ended, even before that has got about', async () => {
    const shared = new SharedUpstreams<ReturnType<typeof openUpstream>>(LINGER_MS);
    const first = shared.acquire('a', openUpstream);
    first.shared.upstream.close();
    const second = shared.acquire('a', openUpstream);
    expect(second.shared).not.toBe(first.shared);
    await turns();
    expect(shared.size).toBe(1);
    first.release();
    jest.advanceTimersByTime(LINGER_MS * 2);
    expect(second.shared.upstream.over).toBe(false);
  });

  it('fail all their viewers with the same error', async () => {
    const shared = new SharedUpstreams<ReturnType<typeof openUpstream>>(LINGER_MS);
    const { upstream, end } = shared.acquire('a', openUpstream).shared;
    const gone = new DomainError('engine_unavailable', 'gone');
    end(gone);
    await upstream.finished;
    expect(upstream.failure).toBe(gone);
    await turns();
    expect(shared.size).toBe(0);
  });

  it('tell of a failure that is none of ours as an internal one', async () => {
    const { upstream, end } = openUpstream();
    end(new TypeError('a mistake of the program'));
    await upstream.finished;
    expect(upstream.failure).toMatchObject({ kind: 'internal' });
  });
});
