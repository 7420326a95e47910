import { Bell } from '../bell.js';
import { parseInstant } from '../instant.js';
import type { LogLine, LogRead, LogSource } from '../logs/log-source.js';

export interface ScriptedLogOptions {
  /** Lines that one batch of a reading has. */
  batch?: number;
  /** What a reading waits for before each batch; a place for other things to happen. */
  pause?: () => Promise<void>;
  /** Nanoseconds from one line's time stamp to the next one's. */
  step?: bigint;
}

const START = BigInt(Date.UTC(2026, 0, 1)) * 1_000_000n;

/** A container's log as an engine keeps it: it is written to, rotated and read, and it ends. For tests. */
export class ScriptedLog implements LogSource {
  /** All lines ever written. */
  readonly written: LogLine[] = [];
  /** All readings ever opened. */
  readonly reads: LogRead[] = [];
  /** Readings under way. */
  underWay = 0;
  private kept = 0;
  private clock = START;
  private running = true;
  private failure: Error | undefined;
  private readonly changed = new Bell();

  constructor(private readonly options: ScriptedLogOptions = {}) {}

  get follows(): number {
    return this.reads.filter(({ follow }) => follow).length;
  }

  get ownReadings(): number {
    return this.reads.length - this.follows;
  }

  /** The container writes a line. It gets the next time stamp, or the one before it once more. */
  write(message: string, { stream = 'stdout', again = false }: { stream?: LogLine['stream']; again?: boolean } = {}): LogLine {
    if (!again) this.clock += this.options.step ?? 1_000n;
    const line = { stream, message, timestamp: stampOf(this.clock) };
    this.written.push(line);
    this.changed.ring();
    return line;
  }

  /** The container writes lines `from` to `to`, each with its number as its text. */
  writeNumbers(from: number, to: number): void {
    for (let number = from; number <= to; number++) this.write(String(number));
  }

  /** Time passes. */
  advance(nanoseconds: bigint): void {
    this.clock += nanoseconds;
  }

  /** The engine throws all but the last `lines` away. Readings under way still have what there was. */
  rotate(lines: number): void {
    this.kept = Math.max(this.kept, this.written.length - lines);
  }

  /** The container stops. */
  stop(): void {
    this.running = false;
    this.changed.ring();
  }

  /** The engine goes away. */
  fail(error: Error): void {
    this.failure = error;
    this.changed.ring();
  }

  async open(read: LogRead, signal: AbortSignal): Promise<AsyncIterable<LogLine[]>> {
    this.reads.push(read);
    await this.options.pause?.();
    if (this.failure) throw this.failure;
    return this.batches(read, signal);
  }

  private async *batches(read: LogRead, signal: AbortSignal): AsyncGenerator<LogLine[]> {
    // As with the engine, where a reading begins is settled only after it was accepted.
    await this.options.pause?.();
    const end = this.written.length;
    let next = Math.max(this.kept, read.tail === 'all' ? 0 : end - read.tail);
    this.underWay++;
    try {
      while (!signal.aborted) {
        await this.options.pause?.();
        if (this.failure) throw this.failure;
        const available = read.follow ? this.written.length : end;
        const lines = this.written.slice(next, Math.min(available, next + (this.options.batch ?? 100)));
        next += lines.length;
        const wanted = lines.filter((line) => isIn(read, line));
        if (wanted.length > 0) yield wanted;
        else if (lines.length === 0 && (!read.follow || !this.running)) return;
        else if (lines.length === 0) await this.changed.wait(signal);
      }
    } finally {
      this.underWay--;
    }
  }
}

/** Nanoseconds since the epoch as the engine writes a time stamp. */
export function stampOf(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${seconds}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

function isIn({ since, until, stdout, stderr }: LogRead, { stream, timestamp }: LogLine): boolean {
  const stamped = parseInstant(timestamp) ?? 0n;
  if (since !== undefined && stamped < since) return false;
  if (until !== undefined && stamped > until) return false;
  return stream === 'stderr' ? stderr : stdout;
}
