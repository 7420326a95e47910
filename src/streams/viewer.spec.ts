import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../common/errors.js';
import { Viewer } from './viewer.js';

/** A viewer of `items`, after which the stream is silent, or breaks with `failure`. */
function viewerOf(
  items: string[],
  { failure, signal = new AbortController().signal }: { failure?: Error; signal?: AbortSignal } = {},
) {
  const state = { released: 0, stop: undefined as AbortSignal | undefined };
  async function* produce(): AsyncGenerator<string, void, undefined> {
    yield* items;
    if (failure) throw failure;
    await new Promise(() => undefined);
  }
  const viewer = new Viewer<string>((stop) => {
    state.stop = stop;
    return { opened: Promise.resolve(), items: produce() };
  }, signal);
  viewer.whenOver(() => state.released++);
  return { viewer, state };
}

const DONE = { done: true, value: undefined };

describe('a viewer', () => {
  it('that leaves while it waits is over at once, though its source never answers', async () => {
    const { viewer, state } = viewerOf(['a']);
    expect(await viewer.next()).toEqual({ done: false, value: 'a' });
    const waiting = viewer.next();
    const leaving = viewer.return();
    expect(state.released).toBe(1);
    expect(state.stop?.aborted).toBe(true);
    expect(await waiting).toEqual(DONE);
    expect(await leaving).toEqual(DONE);
    expect(await viewer.next()).toEqual(DONE);
  });

  it('is over, and released once, when its reader breaks off', async () => {
    const { viewer, state } = viewerOf(['a', 'b']);
    for await (const item of viewer) {
      expect(item).toBe('a');
      break;
    }
    await viewer.return();
    viewer.end();
    expect(state.released).toBe(1);
  });

  it('ends quietly when its signal is aborted', async () => {
    const controller = new AbortController();
    const { viewer, state } = viewerOf([], { signal: controller.signal });
    const waiting = viewer.next();
    controller.abort();
    expect(await waiting).toEqual(DONE);
    expect(state.released).toBe(1);
  });

  it('is over from the start when its signal was aborted before', async () => {
    const { viewer, state } = viewerOf(['a'], { signal: AbortSignal.abort() });
    expect(state.released).toBe(1);
    expect(await viewer.next()).toEqual(DONE);
    await expect(viewer.opened()).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('ends with the reason of the abort when that is an error of ours', async () => {
    const controller = new AbortController();
    const { viewer } = viewerOf([], { signal: controller.signal });
    const waiting = viewer.next();
    const withdrawn = new DomainError('access_withdrawn', 'The right was withdrawn');
    controller.abort(withdrawn);
    await expect(waiting).rejects.toBe(withdrawn);
    expect(await viewer.next()).toEqual(DONE);
  });

  it('tells what it was ended with once, even where nobody was waiting', async () => {
    const { viewer } = viewerOf(['a']);
    const stopping = new DomainError('unavailable', 'Dockmaster is shutting down');
    viewer.end(stopping);
    await expect(viewer.next()).rejects.toBe(stopping);
    expect(await viewer.next()).toEqual(DONE);
  });

  it('is released when its source fails', async () => {
    const failure = new DomainError('engine_unavailable', 'gone');
    const { viewer, state } = viewerOf(['a'], { failure });
    await viewer.next();
    await expect(viewer.next()).rejects.toBe(failure);
    expect(state.released).toBe(1);
    expect(await viewer.next()).toEqual(DONE);
  });

  it('answers several questions at a time in their order', async () => {
    const { viewer } = viewerOf(['a', 'b']);
    const results = await Promise.all([viewer.next(), viewer.next()]);
    expect(results.map(({ value }) => value)).toEqual(['a', 'b']);
  });
});
