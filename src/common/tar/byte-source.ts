/** Reads a stream of chunks by numbers of bytes. Holds one chunk at a time. */
export class ByteSource {
  private readonly chunks: AsyncIterator<Buffer, unknown>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** The next bytes, `most` at most and one at least; undefined at the end. */
  async some(most: number): Promise<Buffer | undefined> {
    while (this.rest.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) return undefined;
      this.rest = next.value;
    }
    const taken = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(taken.length);
    return taken;
  }

  /** Exactly `count` bytes, or fewer at the end. Meant for small counts: they are held. */
  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      const part = await this.some(missing);
      if (!part) break;
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /** Puts bytes back in front. */
  unread(bytes: Buffer): void {
    this.rest = Buffer.concat([bytes, this.rest]);
  }

  /** All that is left. */
  async *all(): AsyncGenerator<Buffer, void, undefined> {
    for (let part = await this.some(Infinity); part; part = await this.some(Infinity)) yield part;
  }

  /** Ends the stream, though it is not at its end. */
  async close(): Promise<void> {
    this.rest = Buffer.alloc(0);
    await this.chunks.return?.();
  }
}
