import { type Decoder, decoded } from './decoded.js';
import { FrameParser, type FrameStream } from './frame-parser.js';
import { LineAssembler } from './line-assembler.js';
import { type LogLine, timestampLength } from './log-line.js';

export { MAX_LINE_BYTES } from './line-assembler.js';
export type { LogLine } from './log-line.js';

/** The engine cuts what a container writes without a newline into messages of this many bytes. */
const ENGINE_MESSAGE_BYTES = 16 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * The lines of a log that was asked for with `timestamps=1` (Engine API, ContainerLogs and ServiceLogs), in the order in which
 * they were completed. Lines come in batches, one for each read that completed any, so that a fast log costs no
 * promise a line. At most one unfinished line a stream is held, of at most {@link MAX_LINE_BYTES}.
 *
 * @param options.tty whether the container has a TTY: its log is raw text, not frames, and its lines are of the `console`
 * @throws DomainError as `multiplexed` does; whatever `source` throws. A line that was under way then is not given.
 */
export function logLines(
  source: AsyncIterable<Buffer>,
  options: { tty: boolean },
): AsyncGenerator<LogLine[]> {
  return decoded(source, options.tty ? new ConsoleLines() : new FramedLines());
}

/** Lines of a container without a TTY: one frame is one message. */
class FramedLines implements Decoder<LogLine> {
  readonly #parser = new FrameParser((stream, chunk, start, end, first, last) => {
    this.#piece(stream, chunk, start, end, first, last);
  });
  readonly #assemblers = {
    stdin: new LineAssembler('stdout'),
    stdout: new LineAssembler('stdout'),
    stderr: new LineAssembler('stderr'),
  };
  #lines: LogLine[] = [];

  write(chunk: Buffer): void {
    this.#parser.write(chunk);
  }

  end(): void {
    this.#parser.end();
    for (const assembler of Object.values(this.#assemblers)) assembler.endLine(this.#lines);
  }

  take(): LogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #piece(
    stream: FrameStream,
    chunk: Buffer,
    start: number,
    end: number,
    first: boolean,
    last: boolean,
  ): void {
    if (end === start) return;
    const assembler = this.#assemblers[stream];
    if (first && last && assembler.idle && chunk[end - 1] === NEWLINE) {
      this.#lines.push(lineAt(stream === 'stderr' ? 'stderr' : 'stdout', chunk, start, end - 1));
      return;
    }
    if (first) assembler.startMessage();
    assembler.write(chunk.subarray(start, end), this.#lines);
    if (last) assembler.endMessage(this.#lines);
  }
}

/**
 * Lines of a container with a TTY: raw text, in which a message ends with a newline or is cut after 16 KiB. What follows a cut is
 * the next message's time stamp, in the middle of the line.
 */
class ConsoleLines implements Decoder<LogLine> {
  readonly #assembler = new LineAssembler('console');
  #lines: LogLine[] = [];

  write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, at);
      const end = newline === -1 ? chunk.length : newline;
      if (newline !== -1 && this.#assembler.idle && end - at <= ENGINE_MESSAGE_BYTES) {
        const returned = end > at && chunk[end - 1] === RETURN;
        this.#lines.push(lineAt('console', chunk, at, returned ? end - 1 : end));
      } else {
        this.#partOfLine(chunk, at, end);
        if (newline !== -1) this.end();
      }
      at = end + 1;
    }
  }

  end(): void {
    this.#assembler.endLine(this.#lines);
  }

  take(): LogLine[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #partOfLine(chunk: Buffer, start: number, end: number): void {
    for (let at = start; at < end;) {
      const room = this.#assembler.room(ENGINE_MESSAGE_BYTES);
      if (room === 0) {
        this.#assembler.startMessage();
        continue;
      }
      const stop = Math.min(end, at + room);
      this.#assembler.write(chunk.subarray(at, stop), this.#lines);
      at = stop;
    }
  }
}

/** A whole message at once: the common case, which needs no assembling. */
function lineAt(stream: LogLine['stream'], chunk: Buffer, start: number, end: number): LogLine {
  const length = timestampLength(chunk, start, end);
  if (length === 0) return { stream, message: chunk.toString('utf8', start, end), timestamp: '' };
  return {
    stream,
    message: chunk.toString('utf8', start + length + 1, end),
    timestamp: chunk.toString('latin1', start, start + length),
  };
}
