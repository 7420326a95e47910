/** Support for the decoders' tests: what an engine sends, and every way in which it may be cut. */

const TYPES = { stdin: 0, stdout: 1, stderr: 2, systemError: 3 };

/** One frame of a multiplexed stream. */
export function frame(stream: keyof typeof TYPES, payload: string | Buffer): Buffer {
  const data = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = TYPES[stream];
  header.writeUInt32BE(data.length, 4);
  return Buffer.concat([header, data]);
}

/** A source that gives these chunks, one after the other, and then ends. */
export function source(...chunks: Buffer[]): AsyncIterable<Buffer> {
  const rest = chunks.values();
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(rest.next()) }) };
}

/** Each way to cut `bytes` in two, and byte by byte. */
export function* everyCut(bytes: Buffer): Generator<Buffer[]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
}

/** All that an async iterable gives. */
export async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of iterable) items.push(item);
  return items;
}
