/**
 * Opens a stream and gives an iterator over it whose `return()` aborts the signal given to `open` at once. A plain
 * async generator would not: its `return()` waits behind a pending `next()`, so a viewer of a silent container could
 * leave without its upstream ever being released.
 */
export async function openAbortable<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  outer: AbortSignal,
): Promise<AsyncIterableIterator<T>> {
  const left = new AbortController();
  const hasLeft = () => left.signal.aborted;
  const source = (await open(AbortSignal.any([outer, left.signal])))[Symbol.asyncIterator]();
  const end = { done: true, value: undefined } as const;
  const iterator: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      if (hasLeft()) return end;
      try {
        return await source.next();
      } catch (error) {
        if (hasLeft()) return end;
        throw error;
      }
    },
    return() {
      left.abort();
      // One that is not being read does not hear of the signal: it cleans up here. Nobody is left to hear how that went.
      source.return?.().catch(() => undefined);
      return Promise.resolve(end);
    },
  };
  return iterator;
}

/** The items of batches, one by one. */
export async function* eachOf<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const batch of batches) yield* batch;
}
