import { Bell } from '../../common/bell.js';
import { parseInstant } from '../instant.js';
import type { LogLine, LogRead, LogSource } from '../logs/log-source.js';

export interface ScriptedLogOptions {
  /** Lines that one batch of a reading has. */
  batch?: number;
  /** What a reading waits for before each batch; a place for other things to happen. */
  pause?: (read: LogRead) => Promise<void>;
  /**
   * How `since` works: older engines leave out every line with an earlier stamp, newer ones (23.0 and later) only those
   * before the first line with a later one.
   */
  since?: 'filters' | 'seeks';
}

interface WriteOptions {
  stream?: LogLine['stream'];
  /** The line gets the stamp of its stream's line before it once more. */
  again?: boolean;
  /** Nanoseconds by which its stamp is older than its place in the log, as happens between the two streams. */
  lag?: bigint;
}

const STEP = 1_000n;

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
  private readonly latest = new Map<LogLine['stream'], bigint>();
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

  /** The container writes a line, a microsecond after the one before it. */
  write(message: string, { stream = 'stdout', again = false, lag = 0n }: WriteOptions = {}): LogLine {
    if (!again) this.clock += STEP;
    const before = this.latest.get(stream) ?? 0n;
    const stamp = again && before > 0n ? before : later(this.clock - lag, before + 1n);
    this.latest.set(stream, stamp);
    const line = { stream, message, timestamp: stampOf(stamp) };
    this.written.push(line);
    this.changed.ring();
    return line;
  }

  /** The container writes lines `from` to `to`, each with its number as its text. */
  writeNumbers(from: number, to: number): void {
    for (let number = from; number <= to; number++) this.write(String(number));
  }

  /** Time passes. Returns an instant after all lines so far and before all later ones. */
  advance(nanoseconds: bigint): string {
    this.clock += nanoseconds;
    return stampOf(this.clock - nanoseconds / 2n);
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
    await this.options.pause?.(read);
    if (this.failure) throw this.failure;
    return this.batches(read, signal);
  }

  private async *batches(read: LogRead, signal: AbortSignal): AsyncGenerator<LogLine[]> {
    // As with the engine, where a reading begins is settled only after it was accepted.
    await this.options.pause?.(read);
    const end = this.written.length;
    let next = Math.max(this.kept, read.tail === 'all' ? 0 : end - read.tail);
    let begun = false;
    this.underWay++;
    try {
      while (!signal.aborted) {
        await this.options.pause?.(read);
        if (this.failure) throw this.failure;
        const available = read.follow ? this.written.length : end;
        const lines = this.written.slice(next, Math.min(available, next + (this.options.batch ?? 100)));
        next += lines.length;
        const wanted = lines.filter((line) => {
          begun ||= stampIn(line) >= (read.since ?? 0n);
          return (
            (this.options.since === 'seeks' ? begun : stampIn(line) >= (read.since ?? 0n)) && isIn(read, line)
          );
        });
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

function isIn({ until, stdout, stderr }: LogRead, line: LogLine): boolean {
  if (until !== undefined && stampIn(line) > until) return false;
  return line.stream === 'stderr' ? stderr : stdout;
}

function stampIn({ timestamp }: LogLine): bigint {
  return parseInstant(timestamp) ?? 0n;
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
