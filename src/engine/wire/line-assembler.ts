import { StringDecoder } from 'node:string_decoder';
import { type LogLine, TIMESTAMP_WINDOW, timestampLength } from './log-line.js';

/** The engine has no limit for a line, so we set one: a longer line is handed on in pieces of about this many bytes. */
export const MAX_LINE_BYTES = 1024 * 1024;

const EMPTY = Buffer.alloc(0);

/**
 * Puts one stream's log lines together from what the engine sends. The engine cuts a long line into messages of 16 KiB, each
 * with a time stamp of its own, and only the last ends with a newline; a message in turn may come in any number of
 * pieces. The line gets the time stamp of its first message.
 */
export class LineAssembler {
  readonly #stream: LogLine['stream'];
  readonly #decoder = new StringDecoder('utf8');
  /** The start of a message, kept until there is enough of it to see its time stamp. */
  #head: Buffer | undefined;
  #open = false;
  #timestamp = '';
  #text = '';
  #bytes = 0;
  #messageBytes = 0;
  #continued = false;

  constructor(stream: LogLine['stream']) {
    this.#stream = stream;
  }

  /** Whether there is no line under way. */
  get idle(): boolean {
    return !this.#open && this.#head === undefined;
  }

  /**
   * How many bytes the message under way can take before something has to be decided: up to its time stamp, then up to
   * `messageBytes` of text. 0 when a new message has to start.
   */
  room(messageBytes: number): number {
    if (this.#head !== undefined) return TIMESTAMP_WINDOW - this.#head.length;
    return this.#open ? messageBytes - this.#messageBytes : 0;
  }

  /** A new message begins: it starts a line, or goes on with the line that is under way. */
  startMessage(): void {
    this.#head = EMPTY;
    this.#messageBytes = 0;
  }

  /** More bytes of the message; lines that have grown too long go to `lines`. */
  write(piece: Buffer, lines: LogLine[]): void {
    if (this.#head === undefined) {
      this.#append(piece, lines);
      return;
    }
    this.#head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    if (this.#head.length >= TIMESTAMP_WINDOW) this.#readHead(lines);
  }

  /** The message is complete. When it ends its line, the line goes to `lines`. */
  endMessage(lines: LogLine[]): void {
    this.#readHead(lines);
    if (this.#text.endsWith('\n')) this.#finish(this.#text.slice(0, -1), lines);
  }

  /** The line is complete, whatever it ends with. */
  endLine(lines: LogLine[]): void {
    this.#readHead(lines);
    if (this.#open) this.#finish(this.#text + this.#decoder.end(), lines);
  }

  #readHead(lines: LogLine[]): void {
    const head = this.#head;
    if (head === undefined) return;
    this.#head = undefined;
    const length = timestampLength(head, 0, head.length);
    if (!this.#open) this.#timestamp = head.toString('latin1', 0, length);
    this.#append(length === 0 ? head : head.subarray(length + 1), lines);
  }

  #append(piece: Buffer, lines: LogLine[]): void {
    this.#open = true;
    if (this.#bytes >= MAX_LINE_BYTES) {
      this.#emit(this.#text, lines);
      this.#continued = true;
    }
    this.#text += this.#decoder.write(piece);
    this.#bytes += piece.length;
    this.#messageBytes += piece.length;
  }

  #finish(text: string, lines: LogLine[]): void {
    // A newline alone after a piece of a long line ends that line; it is not one more, empty line.
    const returned = this.#stream === 'console' && text.endsWith('\r');
    if (text !== '' || !this.#continued) this.#emit(returned ? text.slice(0, -1) : text, lines);
    this.#open = false;
    this.#continued = false;
    this.#timestamp = '';
    this.#text = '';
    this.#bytes = 0;
  }

  #emit(message: string, lines: LogLine[]): void {
    lines.push({ stream: this.#stream, message, timestamp: this.#timestamp });
    this.#text = '';
    this.#bytes = 0;
  }
}
