import { DomainError, messageOf } from '../../common/errors.js';

const DEFAULT_MAX_VALUE_BYTES = 16 * 1024 * 1024;

/**
 * The JSON values of a stream, in order, each as soon as its last byte is there (Engine API: events, stats, and the progress of
 * pull, push and build). Engines put a newline, a carriage return and newline, or nothing at all between two values.
 *
 * @param options.maxValueBytes the largest value that is taken, 16 MiB unless told
 * @throws DomainError `engine_error` for what is not JSON or too large; `engine_unavailable` when the stream ends inside
 *   a value; whatever `source` throws.
 */
export async function* jsonStream(
  source: AsyncIterable<Buffer>,
  options: { maxValueBytes?: number } = {},
): AsyncGenerator {
  for await (const text of jsonTexts(source, options)) yield parse(text);
}

/** The same, each value as the engine wrote it: for who passes it on. Whether it is JSON is for who reads it to find out. */
export async function* jsonTexts(
  source: AsyncIterable<Buffer>,
  options: { maxValueBytes?: number } = {},
): AsyncGenerator<string, void, undefined> {
  const splitter = new JsonSplitter(options.maxValueBytes ?? DEFAULT_MAX_VALUE_BYTES);
  for await (const chunk of source) yield* splitter.write(chunk);
  const last = splitter.end();
  if (last !== undefined) yield last;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new DomainError('engine_error', `The engine sent what is not JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;

/**
 * Finds where each value ends; whether it is valid is JSON.parse's to say. It looks at every byte once, and joins the chunks of a
 * value once, when the value is complete. In UTF-8 no byte of a longer character looks like one of those searched for.
 */
class JsonSplitter {
  readonly #maxValueBytes: number;
  /** Chunks of the value under way, from before the present one. */
  #earlier: Buffer[] = [];
  #earlierBytes = 0;
  /** Where the value under way starts in the present chunk; undefined between two values. */
  #start: number | undefined;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(maxValueBytes: number) {
    this.#maxValueBytes = maxValueBytes;
  }

  /** The values that `chunk` completes. */
  *write(chunk: Buffer): Generator<string> {
    if (this.#start !== undefined) this.#start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#inString) {
        const closing = this.#closingQuote(chunk, at);
        if (closing === -1) break;
        this.#inString = false;
        at = closing;
        if (this.#depth === 0) yield this.#complete(chunk, at + 1);
        continue;
      }
      switch (chunk[at]) {
        case OPEN_BRACE:
        case OPEN_BRACKET:
          if (this.#inScalar()) yield this.#complete(chunk, at);
          this.#start ??= at;
          this.#depth++;
          break;
        case CLOSE_BRACE:
        case CLOSE_BRACKET:
          this.#start ??= at;
          this.#depth--;
          if (this.#depth <= 0) yield this.#complete(chunk, at + 1);
          break;
        case QUOTE:
          if (this.#inScalar()) yield this.#complete(chunk, at);
          this.#start ??= at;
          this.#inString = true;
          break;
        default:
          if ((chunk[at] ?? 0) > SPACE) this.#start ??= at;
          else if (this.#inScalar()) yield this.#complete(chunk, at);
      }
    }
    if (this.#start !== undefined) this.#keep(chunk.subarray(this.#start));
  }

  /** What only the end of the stream completes: a number or a literal. */
  end(): string | undefined {
    if (this.#start === undefined) return undefined;
    if (this.#inScalar()) return this.#complete(Buffer.alloc(0), 0);
    throw new DomainError('engine_unavailable', 'The engine ended the stream in the middle of a message.', {
      retryAfter: 5,
    });
  }

  /** In a number or a literal at the top level, which ends only where something else begins. */
  #inScalar(): boolean {
    return this.#start !== undefined && this.#depth === 0 && !this.#inString;
  }

  /** Where in `chunk`, from `from` on, the string under way ends; -1 when it goes on in the next chunk. */
  #closingQuote(chunk: Buffer, from: number): number {
    let escaped = this.#escaped;
    this.#escaped = false;
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) return at;
    }
    this.#escaped = escaped;
    return -1;
  }

  #complete(chunk: Buffer, end: number): string {
    this.#keep(chunk.subarray(this.#start ?? 0, end));
    const text = Buffer.concat(this.#earlier).toString();
    this.#earlier = [];
    this.#earlierBytes = 0;
    this.#start = undefined;
    this.#depth = 0;
    return text;
  }

  #keep(part: Buffer): void {
    this.#earlier.push(part);
    this.#earlierBytes += part.length;
    if (this.#earlierBytes > this.#maxValueBytes) {
      const limit = this.#maxValueBytes;
      throw new DomainError('engine_error', `The engine sent a message of more than ${limit} bytes.`);
    }
  }
}
