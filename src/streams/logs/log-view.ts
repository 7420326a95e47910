import { parseInstant } from '../instant.js';
import { isWanted, type LogWish } from './log-options.js';
import type { LogPlace, PlacedLine } from './log-place.js';
import type { LogLine } from './log-source.js';

/** How far one viewer has come in its log, and what of the lines on its way it wants to see. */
export class LogView {
  private last: LogPlace | undefined;
  private passed: number | undefined;
  private begun: boolean;
  private ended = false;

  constructor(private readonly wish: LogWish) {
    this.begun = wish.since === undefined;
  }

  /** The line that it passed last; undefined before the first. */
  get place(): LogPlace | undefined {
    return this.last;
  }

  /** How many lines it has passed since the log's beginning; undefined where it did not begin there, or lines were missing. */
  get linesSinceBeginning(): number | undefined {
    return this.passed;
  }

  /** Whether it has come to a line that is newer than `until`. */
  get isComplete(): boolean {
    return this.ended;
  }

  /** It stands at the beginning of the log. */
  startAtBeginning(): void {
    this.passed = 0;
  }

  /** It stands just after `line`. */
  startAfter(line: LogPlace | undefined): void {
    this.last = line && { stream: line.stream, timestamp: line.timestamp, rank: line.rank };
  }

  /** The engine no longer has the line that it passed last. */
  lose(): void {
    this.last = undefined;
    this.passed = undefined;
  }

  /** Moves past `lines`, and returns those that it wants. */
  pass(lines: readonly PlacedLine[]): LogLine[] {
    if (this.passed !== undefined) this.passed += lines.length;
    const last = lines.at(-1);
    if (last) this.startAfter(last);
    return this.wantedOf(lines);
  }

  private wantedOf(lines: readonly PlacedLine[]): LogLine[] {
    const wanted: LogLine[] = [];
    for (const { line } of lines) {
      if (!this.begun && this.isBefore(line, this.wish.since)) continue;
      this.begun = true;
      if (this.isAfter(line, this.wish.until)) {
        this.ended = true;
        break;
      }
      if (isWanted(this.wish, line.stream)) wanted.push(line);
    }
    return wanted;
  }

  private isBefore(line: LogLine, instant: bigint | undefined): boolean {
    return instant !== undefined && (parseInstant(line.timestamp) ?? instant) < instant;
  }

  private isAfter(line: LogLine, instant: bigint | undefined): boolean {
    return instant !== undefined && (parseInstant(line.timestamp) ?? instant) > instant;
  }
}
