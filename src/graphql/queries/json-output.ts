/** Characters that are collected before they become bytes. */
const MAX_PENDING = 16 * 1024;
const COMMA = Buffer.from(',');

/**
 * Where JSON is written to: text piece by piece, and whole values as the bytes that they were before. One copy makes an
 * answer of it: V8 takes long over large strings, and Node would make bytes of them after all.
 */
export class JsonOutput {
  private readonly chunks: Buffer[] = [];
  private pending = '';

  text(text: string): void {
    this.pending += text;
    if (this.pending.length > MAX_PENDING) this.flush();
  }

  bytes(bytes: Buffer): void {
    this.flush();
    this.chunks.push(bytes);
  }

  /** Everything that was written. */
  toBytes(): Buffer {
    if (this.chunks.length === 0) return Buffer.from(this.pending);
    this.flush();
    return Buffer.concat(this.chunks);
  }

  private flush(): void {
    // In a list of values that are bytes there is nothing but a comma between them, again and again.
    if (this.pending === ',') this.chunks.push(COMMA);
    else if (this.pending !== '') this.chunks.push(Buffer.from(this.pending));
    this.pending = '';
  }
}
