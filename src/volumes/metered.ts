import { createHash } from 'node:crypto';

/** Counts and sums up what passes. */
export class Meter {
  private readonly hash = createHash('sha256');
  private count = 0;
  private digest: string | undefined;

  /** @param told called with the number of bytes so far */
  constructor(private readonly told: (bytes: number) => void = () => undefined) {}

  get bytes(): number {
    return this.count;
  }

  /** SHA-256 of all that passed, in hexadecimal digits. Nothing may pass after. */
  get sha256(): string {
    this.digest ??= this.hash.digest('hex');
    return this.digest;
  }

  async *pass(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const part of source) {
      this.count += part.length;
      this.hash.update(part);
      this.told(this.count);
      yield part;
    }
  }
}
