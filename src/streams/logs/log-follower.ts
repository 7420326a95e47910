import { toMilliseconds } from '../instant.js';
import type { Reader } from '../readers.js';
import type { LogBatch } from './log-batch.js';
import { LogHistory, MOST_PARTS } from './log-history.js';
import type { LogWish } from './log-options.js';
import { isSamePlace, type LogPlace, secondsBetween } from './log-place.js';
import { whereToBegin } from './log-start.js';
import { LogView } from './log-view.js';
import type { SharedLog } from './shared-log.js';

const LINES_PER_BATCH = 500;

/** The engine's clock may be behind ours by so much without a viewer losing lines of before its `until`. */
const UNTIL_GRACE_MS = 1_000;

/** The longest time that a timer can wait, about 25 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Stamps of two streams may cross, but not by so much. */
const FAR_LATER_SECONDS = 1;

/**
 * One viewer of a shared log. It reads the ring as long as what it needs next is there. Else, at its start or when
 * it was too slow, it catches up: it reads the engine's log by itself from where it stands to the log's present end, and
 * then goes on in the ring right after the last line of that reading.
 */
export class LogFollower {
  private readonly view: LogView;
  private readonly reader: Reader;
  private timeIsUp = false;

  constructor(
    private readonly log: SharedLog,
    private readonly wish: LogWish,
  ) {
    this.view = new LogView(wish);
    this.reader = log.readers.add(log.ring.end);
  }

  /** Holds the upstream back no longer. */
  leave(): void {
    this.log.readers.remove(this.reader);
  }

  /** @throws DomainError what the engine refused with, or what ended the upstream, after the lines that came before it */
  async *items(stop: AbortSignal): AsyncGenerator<LogBatch, void, undefined> {
    const { ring, upstream } = this.log;
    await upstream.opened;
    const timer = this.startTimer();
    try {
      let isBehind = !this.beginInRing();
      const history = new LogHistory(this.log.source, this.wish, this.view, stop);
      while (!stop.aborted && !this.view.isComplete) {
        const { next } = this.reader;
        if (isBehind || next < ring.start) {
          const isOver = yield* this.catchUp(history, stop);
          if (isOver) break;
          isBehind = false;
        } else if (next < ring.end) {
          const lines = ring.slice(next, LINES_PER_BATCH);
          this.log.readers.move(this.reader, next + lines.length);
          const wanted = this.view.pass(lines);
          if (wanted.length > 0) yield { kind: 'lines', lines: wanted };
        } else if (upstream.over || this.timeIsUp) {
          break;
        } else {
          await upstream.changed.wait(stop);
        }
      }
    } finally {
      clearTimeout(timer);
      this.leave();
    }
    if (upstream.failure && !stop.aborted && !this.view.isComplete && !this.timeIsUp) throw upstream.failure;
  }

  /** Takes its place in the ring, where the ring has all that is wanted. Returns whether it has. */
  private beginInRing(): boolean {
    const begin = whereToBegin(this.log, this.wish);
    if (begin === undefined) return false;
    this.log.readers.move(this.reader, begin);
    this.view.startAfter(this.log.ring.at(begin - 1));
    if (begin === 0) this.view.startAtBeginning();
    return true;
  }

  /** Reads up to the log's end and finds its place in the ring. Returns whether there is nothing more to come. */
  private async *catchUp(
    history: LogHistory,
    stop: AbortSignal,
  ): AsyncGenerator<LogBatch, boolean, undefined> {
    const { ring, upstream, readers } = this.log;
    while (!stop.aborted) {
      const isLast = upstream.over || this.timeIsUp;
      // All that the ring has had by now is in the log already, so the reading goes at least as far.
      const mark = ring.end;
      readers.move(this.reader, Math.max(ring.start, mark - 1 - MOST_PARTS));
      yield* history.read(isLast);
      if (isLast || this.view.isComplete) return true;
      const { place } = this.view;
      const joined = place
        ? await this.joinAfter(place, stop)
        : await this.joinAt(mark, history.leftOver, stop);
      if (joined) return false;
    }
    return true;
  }

  /**
   * Goes on in the ring right after `place`, which the upstream has delivered or is about to. Returns false where it cannot: the
   * ring has moved on meanwhile, or the upstream has ended. Another reading comes further.
   */
  private async joinAfter(place: LogPlace, stop: AbortSignal): Promise<boolean> {
    const { ring, upstream, readers } = this.log;
    let number = Math.max(this.reader.next, ring.start);
    while (number >= ring.start) {
      const line = ring.at(number);
      if (line === undefined) {
        if (upstream.over || this.timeIsUp || stop.aborted) return false;
        await upstream.changed.wait(stop);
        continue;
      }
      if (isSamePlace(line, place)) {
        readers.move(this.reader, number + 1);
        this.log.reached(number, this.view.linesSinceBeginning);
        return true;
      }
      // Having come past it without seeing it, it would wait for it forever.
      if (secondsBetween(place, line) > (line.stream === place.stream ? 0 : FAR_LATER_SECONDS)) return false;
      number++;
      readers.move(this.reader, number);
    }
    return false;
  }

  /**
   * Goes on in the ring from `mark` on, after a reading that passed nothing: what the ring had by then is not wanted, save what
   * the reading left over. Where the ring had nothing it may yet begin later than the log, so its first line has to be
   * awaited and another reading made.
   */
  private async joinAt(mark: number, leftOver: readonly LogPlace[], stop: AbortSignal): Promise<boolean> {
    const { ring, upstream, readers } = this.log;
    if (mark === 0) {
      while (ring.end === 0 && !upstream.over && !this.timeIsUp && !stop.aborted)
        await upstream.changed.wait(stop);
      return false;
    }
    const isLeftOver = (line: LogPlace | undefined) =>
      line && leftOver.some((place) => isSamePlace(place, line));
    let number = mark;
    for (let before = mark - 1; before >= mark - MOST_PARTS; before--)
      if (isLeftOver(ring.at(before))) number = before;
    if (number < ring.start) return false;
    readers.move(this.reader, number);
    this.view.startAfter(ring.at(number - 1));
    return true;
  }

  private startTimer(): NodeJS.Timeout | undefined {
    if (this.wish.until === undefined) return undefined;
    const waitMs = toMilliseconds(this.wish.until) + UNTIL_GRACE_MS - Date.now();
    if (waitMs > LONGEST_TIMER_MS) return undefined;
    return setTimeout(
      () => {
        this.timeIsUp = true;
        this.log.upstream.changed.ring();
      },
      Math.max(0, waitMs),
    ).unref();
  }
}
