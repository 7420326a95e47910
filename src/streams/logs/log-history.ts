import { NANOSECONDS_PER_SECOND, parseInstant } from '../instant.js';
import { GAP, type LogBatch } from './log-batch.js';
import type { LogWish } from './log-options.js';
import {
  isLaterInStream,
  isSamePlace,
  LinePlacer,
  LINES_FOR_RANK,
  type LogPlace,
  type PlacedLine,
} from './log-place.js';
import type { LogRead, LogSource } from './log-source.js';
import type { LogView } from './log-view.js';

/**
 * The engine writes a line that has no end yet in messages of 16 KiB. A reading that ends there gives a part of a line, one
 * of at least this many bytes (a character may be cut in two), which nothing tells from a whole one.
 */
const SHORTEST_PART_BYTES = 16 * 1024 - 4;

/** Standard output and standard error may each end in a part of a line. */
export const MOST_PARTS = 2;

/**
 * One viewer's own readings of its log, from where it stands up to the log's present end. They are not shared, and read no
 * faster than the viewer takes the lines: the engine's log file is the buffer for a viewer that is behind.
 */
export class LogHistory {
  private range: Pick<LogRead, 'tail' | 'since'>;
  private parts: PlacedLine[] = [];

  constructor(
    private readonly source: LogSource,
    wish: Pick<LogWish, 'tail' | 'since'>,
    private readonly view: LogView,
    private readonly stop: AbortSignal,
  ) {
    this.range = { tail: wish.tail, since: wish.since };
  }

  /** The lines at the end of the last reading that were not passed, since they may be parts of lines. They come again. */
  get leftOver(): readonly LogPlace[] {
    return this.parts;
  }

  /**
   * What there is from the viewer's place to the log's end; without a place, what the viewer wished for.
   *
   * @param toTheEnd whether nothing will follow, so that a part of a line is all there is of it
   */
  async *read(toTheEnd: boolean): AsyncGenerator<LogBatch, void, undefined> {
    const { place } = this.view;
    this.parts = [];
    if (place !== undefined) yield* this.resume(place);
    else yield* this.begin();
    if (toTheEnd) yield* this.show(this.parts.splice(0));
  }

  private async *begin(): AsyncGenerator<LogBatch, void, undefined> {
    const { tail, since } = this.range;
    if (tail === 'all') {
      yield* this.allOf(this.range);
      return;
    }
    if (tail < LINES_FOR_RANK) yield* this.lastFew(tail, since);
    else yield* this.allOf(this.range);
    // Should that have been nothing, or not more than a part of a line, then all that comes later is wanted.
    const [part] = this.parts;
    this.range = { tail: 'all', since: (part && parseInstant(part.timestamp)) ?? since };
  }

  private async *allOf(range: Pick<LogRead, 'tail' | 'since'>): AsyncGenerator<LogBatch, void, undefined> {
    if (range.tail === 'all' && range.since === undefined) this.view.startAtBeginning();
    for await (const lines of this.linesOf(range)) yield* this.show(this.withoutParts(lines));
  }

  private async *lastFew(
    wanted: number,
    since: bigint | undefined,
  ): AsyncGenerator<LogBatch, void, undefined> {
    const lines: PlacedLine[] = [];
    for await (const batch of this.linesOf({ tail: LINES_FOR_RANK, since })) lines.push(...batch);
    const whole = this.withoutParts(lines);
    const unwanted = Math.max(0, lines.length - wanted);
    this.view.startAfter(whole[Math.min(unwanted, whole.length) - 1]);
    yield* this.show(whole.slice(unwanted));
  }

  private async *resume(place: LogPlace): AsyncGenerator<LogBatch, void, undefined> {
    const stamped = parseInstant(place.timestamp);
    let found = false;
    // Stamps of standard output and standard error may cross a little, so it begins somewhat earlier and skips what is known.
    const since = stamped === undefined ? undefined : stamped - NANOSECONDS_PER_SECOND;
    for await (const lines of this.linesOf({ tail: 'all', since })) {
      if (found) {
        yield* this.show(this.withoutParts(lines));
        continue;
      }
      const known = lines.findIndex((line) => isSamePlace(line, place));
      found = known !== -1;
      if (found) yield* this.show(this.withoutParts(lines.slice(known + 1)));
      else if (lines.some((line) => isLaterInStream(line, place))) break;
    }
    if (found || this.stop.aborted) return;
    this.view.lose();
    this.range = { tail: 'all', since };
    yield GAP;
    yield* this.allOf(this.range);
  }

  /** The lines of one reading, in its batches, with their places. */
  private async *linesOf(
    range: Pick<LogRead, 'tail' | 'since'>,
  ): AsyncGenerator<PlacedLine[], void, undefined> {
    const placer = new LinePlacer();
    const batches = await this.source.open(
      { ...range, follow: false, stdout: true, stderr: true },
      this.stop,
    );
    for await (const batch of batches) {
      if (this.stop.aborted || this.view.isComplete) return;
      yield batch.map((line) => placer.place(line));
    }
  }

  /** What is sure to be whole of the reading so far; the rest is kept until more comes. */
  private withoutParts(lines: readonly PlacedLine[]): PlacedLine[] {
    const pending = this.parts.length === 0 ? lines.slice() : [...this.parts, ...lines];
    let whole = pending.length;
    while (whole > 0 && pending.length - whole < MOST_PARTS && mayBePart(pending[whole - 1])) whole--;
    this.parts = pending.splice(whole);
    return pending;
  }

  private *show(lines: readonly PlacedLine[]): Generator<LogBatch, void, undefined> {
    const wanted = this.view.pass(lines);
    if (wanted.length > 0) yield { kind: 'lines', lines: wanted };
  }
}

function mayBePart(placed: PlacedLine | undefined): boolean {
  if (placed === undefined) return false;
  const { message } = placed.line;
  return message.length >= SHORTEST_PART_BYTES / 4 && Buffer.byteLength(message) >= SHORTEST_PART_BYTES;
}
