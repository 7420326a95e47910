import { describe, expect, it } from '@jest/globals';
import { sharedLog, view } from '../testing/log-viewers.js';
import { ScriptedLog } from '../testing/scripted-log.js';
import { seededRandom, turns } from '../testing/turns.js';
import type { LogBatch } from './log-batch.js';
import type { LogOptions } from './log-options.js';
import type { LogLine } from './log-source.js';

const STEPS = 150;
const GAP = 'gap';

/** One viewer's wish, and what it got: which lines of the log by their numbers, and where it was told of a gap. */
interface Watching {
  readonly wish: string;
  /** The number of the first line that it has to get, where the wish fixes it. */
  readonly first: number | undefined;
  readonly atLeast: number;
  readonly got: (number | typeof GAP)[];
  readonly done: Promise<void>;
}

/**
 * A log that is written to, followed and read by viewers that come at any time and read at any speed, all in an order that
 * `seed` decides. The model is the log itself: every viewer has to get a piece of it, whole and in order, up to its end.
 */
class Schedule {
  readonly viewers: Watching[] = [];
  private readonly random: () => number;
  private readonly source: ScriptedLog;
  private readonly log: ReturnType<typeof sharedLog>;
  private readonly instants: { since: string; first: number }[] = [];

  constructor(
    seed: number,
    private readonly rotates: boolean,
  ) {
    this.random = seededRandom(seed);
    this.source = new ScriptedLog({
      batch: this.upTo(9),
      since: this.chance(0.5) ? 'seeks' : 'filters',
      pause: () => turns(this.chance(0.5) ? 0 : this.upTo(3)),
    });
    const ring = { items: this.upTo(20), bytes: this.chance(0.2) ? 600 : 1_000_000 };
    this.log = sharedLog(this.source, { ring, patienceMs: this.chance(0.3) ? 1 : 0 });
  }

  async run(): Promise<readonly LogLine[]> {
    if (this.chance(0.5)) this.write(this.upTo(60));
    for (let step = 0; step < STEPS; step++) {
      const dice = this.random();
      if (dice < 0.5) this.write(this.upTo(8));
      else if (dice < 0.6) this.watch();
      else if (dice < 0.65)
        this.instants.push({ since: this.source.advance(10_000_000n), first: this.source.written.length });
      else if (dice < 0.67 && this.rotates) this.source.rotate(this.upTo(30));
      else await turns(this.upTo(4));
    }
    this.source.stop();
    await Promise.all(this.viewers.map(({ done }) => done));
    return this.source.written;
  }

  private write(lines: number): void {
    const streams = new Set<LogLine['stream']>();
    for (let line = 0; line < lines; line++) {
      const stream = this.chance(0.4) ? 'stderr' : 'stdout';
      // Few texts, and stamps that repeat and cross: nothing but its place tells a line from another.
      this.source.write(`text ${this.upTo(2)}`, {
        stream,
        again: streams.has(stream) && this.chance(0.3) && !this.rotates,
        lag: this.chance(0.2) ? 3_000n : 0n,
      });
      streams.add(stream);
    }
  }

  private watch(): void {
    const written = this.source.written.length;
    const instant = this.instants[Math.floor(this.random() * this.instants.length)];
    const tail = this.upTo(40) - 1;
    if (this.chance(0.3)) this.follow('all', {}, 0, 0);
    else if (instant && this.chance(0.5))
      this.follow(`since line ${instant.first}`, { since: instant.since }, instant.first, 0);
    else this.follow(`tail ${tail}`, { tail }, undefined, Math.min(tail, written));
  }

  private follow(
    wish: string,
    options: Partial<LogOptions>,
    first: number | undefined,
    atLeast: number,
  ): void {
    const got: Watching['got'] = [];
    const speed = this.random();
    const read = async () => {
      for await (const batch of view(this.log, options)) {
        got.push(...this.numbersOf(batch));
        if (this.random() < speed) await turns(this.upTo(6));
      }
    };
    this.viewers.push({ wish, first, atLeast, got, done: read() });
  }

  private numbersOf(batch: LogBatch): Watching['got'] {
    return batch.kind === 'gap' ? [GAP] : batch.lines.map((line) => this.source.written.indexOf(line));
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }

  private upTo(most: number): number {
    return 1 + Math.floor(this.random() * most);
  }
}

// One seed is new in every run; its name repeats the run.
const SEEDS = [...Array.from({ length: 25 }, (_, index) => index + 1), Math.floor(Math.random() * 2 ** 31)];

describe('any number of viewers, in any order of events', () => {
  it.each(SEEDS)('get every line once and in order (seed %d)', async (seed) => {
    const schedule = new Schedule(seed, false);
    const written = await schedule.run();
    for (const { wish, first, atLeast, got } of schedule.viewers) {
      const begin = first ?? written.length - got.length;
      const expected = Array.from({ length: written.length - begin }, (_, index) => begin + index);
      expect({ seed, wish, got }).toEqual({ seed, wish, got: expected });
      expect(got.length).toBeGreaterThanOrEqual(atLeast);
    }
  });

  it.each(SEEDS)('are told wherever the engine has rotated lines away (seed %d)', async (seed) => {
    const schedule = new Schedule(seed, true);
    const written = await schedule.run();
    for (const { wish, got } of schedule.viewers) {
      let last: number | undefined;
      for (const [index, number] of got.entries()) {
        if (number === GAP) continue;
        if (last !== undefined) {
          const told = got[index - 1] === GAP;
          expect({
            seed,
            wish,
            last,
            number,
            inOrder: number > last,
            complete: told || number === last + 1,
          }).toEqual({
            seed,
            wish,
            last,
            number,
            inOrder: true,
            complete: true,
          });
        }
        last = number;
      }
      if (last !== undefined && got.at(-1) !== GAP)
        expect({ seed, wish, last }).toEqual({ seed, wish, last: written.length - 1 });
    }
  });
});
