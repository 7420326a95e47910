import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Housekeeping } from './housekeeping.js';

const EVERY_MS = 10 * 60_000;

/** A turn ends when the test says so. */
class Sweeping extends Housekeeping {
  readonly turns: { end: () => void; fail: (error: Error) => void }[] = [];

  constructor() {
    super({ everyMs: EVERY_MS, logger: 'Sweeping', failure: "the floor can't be swept" });
  }

  run(): Promise<void> {
    return new Promise((end, fail) => this.turns.push({ end, fail }));
  }

  get isStopping(): boolean {
    return this.stopping;
  }
}

describe('housekeeping', () => {
  let sweeping: Sweeping;

  beforeEach(() => {
    jest.useFakeTimers();
    sweeping = new Sweeping();
    sweeping.onApplicationBootstrap();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('takes turns, the first at the start', async () => {
    expect(sweeping.turns).toHaveLength(1);
    sweeping.turns[0]?.end();
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(sweeping.turns).toHaveLength(2);
  });

  it('begins no turn while one is under way', async () => {
    await jest.advanceTimersByTimeAsync(2 * EVERY_MS);
    expect(sweeping.turns).toHaveLength(1);
  });

  it('tells of a turn that failed, and takes the next', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    sweeping.turns[0]?.fail(new Error('no broom'));
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(warn.mock.calls).toEqual([
      ["the floor can't be swept now, which is tried again in 10 minutes: no broom"],
    ]);
    expect(sweeping.turns).toHaveLength(2);
  });

  it('is over when the turn under way is', async () => {
    const ends: string[] = [];
    const stopped = sweeping.onModuleDestroy().then(() => ends.push('housekeeping'));
    expect(sweeping.isStopping).toBe(true);
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    ends.push('turn');
    sweeping.turns[0]?.end();
    await stopped;
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(ends).toEqual(['turn', 'housekeeping']);
    expect(sweeping.turns).toHaveLength(1);
  });
});
