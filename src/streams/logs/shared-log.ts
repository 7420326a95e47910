import { Readers } from '../readers.js';
import { Ring, type RingLimits } from '../ring.js';
import { Upstream } from '../upstream.js';
import { LinePlacer, LINES_FOR_RANK, type PlacedLine } from './log-place.js';
import type { LogLine, LogSource } from './log-source.js';

/** What a line costs beside its text, roughly: its objects and its time stamp. */
const LINE_OVERHEAD_BYTES = 128;

export interface SharedLogOptions {
  /** How much of the log is kept for the viewers to read. */
  readonly ring: RingLimits;
  /** How long the upstream waits, in milliseconds, for viewers that are about to lose their place in the ring. */
  readonly patienceMs: number;
}

/**
 * The end of one container's log, read once for all its viewers.
 *
 * One request (`follow`, with as much history as the ring holds) fills a ring of recent lines. The engine itself joins
 * history and what is written later, so the ring has no seam: it is one unbroken piece of the log. Viewers read it at their
 * own pace. The upstream never overtakes the viewer who is furthest on, so a single viewer slows the engine down rather
 * than lose its place; it waits `patienceMs` for the others, and after that who is slower loses its place and catches up
 * by a reading of its own (`LogFollower`).
 */
export class SharedLog {
  readonly upstream: Upstream;
  readonly readers = new Readers();
  private readonly lines: Ring<PlacedLine>;
  private readonly placer = new LinePlacer();
  private waiting = false;
  private reachedNow = false;
  private wholeLog = false;

  constructor(
    readonly source: LogSource,
    private readonly options: SharedLogOptions,
  ) {
    this.lines = new Ring(options.ring, ({ line }) => line.message.length + LINE_OVERHEAD_BYTES);
    this.upstream = new Upstream(async (signal, opened) => {
      const read = { follow: true, tail: options.ring.items + LINES_FOR_RANK, stdout: true, stderr: true };
      const batches = await source.open(read, signal);
      opened();
      for await (const batch of batches) await this.accept(batch, signal);
    });
  }

  /** The recent lines, for reading only. */
  get ring(): Pick<Ring<PlacedLine>, 'start' | 'end' | 'at' | 'slice' | 'length' | 'bytes'> {
    return this.lines;
  }

  /**
   * Whether the ring's end is the log's end as of now: it has reached it once, and nobody has held the upstream back since. Else
   * the last lines of the ring may be old ones.
   */
  get isCurrent(): boolean {
    return this.reachedNow && !this.waiting && !this.upstream.over;
  }

  /** Whether the ring begins where the log does. */
  get beginsWithLog(): boolean {
    return this.wholeLog && this.lines.start === 0;
  }

  /**
   * A viewer has found line `number` to be the last one of a reading of its own, so by now the ring has reached what
   * was the log's end then.
   *
   * @param linesBefore how many lines that reading had up to and with this one, counted from the log's beginning, if it
   *   was read from there: as many as have come here means that the ring, too, began at the beginning
   */
  reached(number: number, linesBefore: number | undefined): void {
    this.reachedNow = true;
    if (linesBefore === number + 1) this.wholeLog = true;
  }

  private async accept(batch: readonly LogLine[], signal: AbortSignal): Promise<void> {
    for (const line of batch) {
      const placed = this.placer.place(line);
      if (!this.forgetWhatAllHaveRead(placed)) await this.waitForRoom(placed, signal);
      if (signal.aborted) return;
      this.lines.push(placed);
    }
    this.upstream.changed.ring();
  }

  /** Makes room for `line` without taking anything from a viewer. Returns whether it fits then. */
  private forgetWhatAllHaveRead(line: PlacedLine): boolean {
    while (!this.lines.fits(line)) {
      if (!this.readers.allHaveRead(this.lines.start)) return false;
      this.lines.forgetOldest();
    }
    return true;
  }

  private async waitForRoom(line: PlacedLine, signal: AbortSignal): Promise<void> {
    const patience = { over: false };
    const timer = setTimeout(() => {
      patience.over = true;
      this.readers.moved.ring();
    }, this.options.patienceMs);
    this.waiting = true;
    this.upstream.changed.ring();
    try {
      while (!signal.aborted && !this.forgetWhatAllHaveRead(line)) {
        if (patience.over) this.forgetHalf(line);
        if (!this.lines.fits(line)) await this.readers.moved.wait(signal);
      }
    } finally {
      clearTimeout(timer);
      this.waiting = false;
    }
  }

  /** Takes the older half from the viewers that have not read it, but nothing from the one who is furthest on. */
  private forgetHalf(line: PlacedLine): void {
    const { furthest } = this.readers;
    while ((this.lines.overHalfFull || !this.lines.fits(line)) && this.lines.start < furthest)
      this.lines.forgetOldest();
  }
}
