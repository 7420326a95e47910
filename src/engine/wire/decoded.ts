/** Takes a stream apart piece by piece, whatever it is cut into. */
export interface Decoder<T> {
  /** @throws DomainError for what is not as it should be; what came before it can be taken */
  write(chunk: Buffer): void;
  /** The stream has ended. */
  end(): void;
  /** What is complete since it was last asked. */
  take(): T[];
}

/**
 * What `decoder` makes of `source`, in batches, one for each read that completed anything, so that a fast stream costs no promise
 * an item.
 *
 * @throws whatever `decoder` and `source` throw, after what came before
 */
export async function* decoded<T>(source: AsyncIterable<Buffer>, decoder: Decoder<T>): AsyncGenerator<T[]> {
  for await (const chunk of source) {
    try {
      decoder.write(chunk);
    } finally {
      // What came before a broken piece was written all the same.
      const items = decoder.take();
      if (items.length > 0) yield items;
    }
  }
  decoder.end();
  const last = decoder.take();
  if (last.length > 0) yield last;
}
