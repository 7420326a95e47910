import { type Decoder, decoded } from './decoded.js';
import { FrameParser, type FrameStream } from './frame-parser.js';
import { type LogLine, timestampLength } from './log-line.js';

/** One line of the log of a service or task, and which task wrote it. */
export interface ServiceLogLine extends LogLine {
  /** Empty where the engine did not tell. */
  readonly taskId: string;
  /** The node that the task runs on. Empty where the engine did not tell. */
  readonly nodeId: string;
}

/** A longer line is handed on in pieces of about this many bytes. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** Of all lines under way together: where many tasks write long lines at once, the longest is handed on as it is. */
export const MAX_HELD_BYTES = 8 * 1024 * 1024;
/** The engine cuts lines after 16 KiB; what is in front of them is short. */
const MAX_MESSAGE_BYTES = 2 * MAX_LINE_BYTES;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const TASK = 'com.docker.swarm.task.id';
const NODE = 'com.docker.swarm.node.id';
/** What leads each message of a terminal's log, also where the engine cut a line. */
const LEAD =
  /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) com\.docker\.swarm\.node\.id=\w+,com\.docker\.swarm\.service\.id=\w+,com\.docker\.swarm\.task\.id=\w+ /g;

/** A line that the engine has begun to send. */
interface Pending {
  readonly stream: LogLine['stream'];
  readonly timestamp: string;
  readonly taskId: string;
  readonly nodeId: string;
  parts: Buffer[];
  bytes: number;
}

/**
 * The lines of a log that was asked for with `timestamps=1&details=1` (Engine API, ServiceLogs and TaskLogs), in the order in
 * which they were completed. The engine cuts a long line into messages, between which those of other tasks come: each
 * is put together by its task and stream.
 *
 * @param options.tty whether the tasks have a terminal: their log is raw text, not frames
 * @throws DomainError as `multiplexed` does, also where the engine could not get the log of some task; whatever `source` throws
 */
export function serviceLogLines(
  source: AsyncIterable<Buffer>,
  { tty }: { readonly tty: boolean },
): AsyncGenerator<ServiceLogLine[]> {
  return decoded(source, tty ? new ConsoleMessages() : new FramedMessages());
}

/** One frame is one message: a line, or a piece of a long one. */
class FramedMessages implements Decoder<ServiceLogLine> {
  readonly #parser = new FrameParser((stream, chunk, start, end, _first, last) => {
    this.#piece(stream, chunk.subarray(start, end), last);
  });
  readonly #pending = new Map<string, Pending>();
  #frame: Buffer[] = [];
  #frameBytes = 0;
  #held = 0;
  #lines: ServiceLogLine[] = [];

  write(chunk: Buffer): void {
    this.#parser.write(chunk);
  }

  end(): void {
    this.#parser.end();
    for (const [key, pending] of this.#pending) this.#finish(key, pending);
  }

  take(): ServiceLogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #piece(stream: FrameStream, piece: Buffer, last: boolean): void {
    if (last && this.#frame.length === 0) {
      this.#message(stream, piece);
      return;
    }
    // No engine sends such a message; whatever it is, it is not held.
    if (this.#frameBytes < MAX_MESSAGE_BYTES) this.#frame.push(piece);
    this.#frameBytes += piece.length;
    if (!last) return;
    const message = Buffer.concat(this.#frame);
    this.#frame = [];
    this.#frameBytes = 0;
    this.#message(stream, message);
  }

  #message(frameStream: FrameStream, message: Buffer): void {
    if (message.length === 0) return;
    const stream = frameStream === 'stderr' ? 'stderr' : 'stdout';
    const { timestamp, taskId, nodeId, text } = takeApart(message);
    const ends = text.at(-1) === NEWLINE;
    const key = `${stream} ${taskId}`;
    const pending = this.#pending.get(key);
    if (!pending && ends) {
      this.#lines.push({
        stream,
        timestamp,
        taskId,
        nodeId,
        message: text.toString('utf8', 0, text.length - 1),
      });
      return;
    }
    const line = pending ?? { stream, timestamp, taskId, nodeId, parts: [], bytes: 0 };
    const body = ends ? text.subarray(0, -1) : text;
    line.parts.push(body);
    line.bytes += body.length;
    this.#held += body.length;
    this.#pending.set(key, line);
    if (ends || line.bytes >= MAX_LINE_BYTES) this.#finish(key, line);
    while (this.#held > MAX_HELD_BYTES) this.#finishLongest();
  }

  #finishLongest(): void {
    const [longest] = [...this.#pending].sort(([, one], [, other]) => other.bytes - one.bytes);
    if (longest) this.#finish(...longest);
  }

  #finish(key: string, { parts, bytes, stream, timestamp, taskId, nodeId }: Pending): void {
    this.#pending.delete(key);
    this.#held -= bytes;
    this.#lines.push({ stream, timestamp, taskId, nodeId, message: Buffer.concat(parts).toString('utf8') });
  }
}

/** Raw text: what comes before a newline is a line, led by who wrote it. */
class ConsoleMessages implements Decoder<ServiceLogLine> {
  #rest: Buffer[] = [];
  #bytes = 0;
  #lines: ServiceLogLine[] = [];

  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline === -1 ? chunk.length : newline;
      this.#rest.push(chunk.subarray(at, end));
      this.#bytes += end - at;
      if (newline !== -1 || this.#bytes >= MAX_LINE_BYTES) this.end();
      at = end + 1;
    }
  }

  end(): void {
    if (this.#bytes > 0) this.#line(Buffer.concat(this.#rest));
    this.#rest = [];
    this.#bytes = 0;
  }

  take(): ServiceLogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #line(bytes: Buffer): void {
    const { text, ...of } = takeApart(bytes);
    const message = text.toString('utf8').replace(/\r$/, '').replaceAll(LEAD, '');
    this.#lines.push({ stream: 'console', message, ...of });
  }
}

/** `2026-01-02T03:04:05.000000001Z com.docker.swarm.node.id=…,com.docker.swarm.task.id=… text`. */
function takeApart(message: Buffer) {
  const length = timestampLength(message, 0, message.length);
  const timestamp = message.toString('latin1', 0, length);
  const start = length === 0 ? 0 : length + 1;
  const space = message.indexOf(SPACE, start);
  const details = space === -1 ? {} : detailsOf(message.toString('latin1', start, space));
  const { [TASK]: taskId = '', [NODE]: nodeId = '' } = details;
  const text = message.subarray(taskId === '' ? start : space + 1);
  return { timestamp, taskId, nodeId, text };
}

/** `key=value,…`, written as in a URL's query. */
function detailsOf(text: string): Partial<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
