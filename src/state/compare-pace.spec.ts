import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { turns } from '../streams/testing/turns.js';
import { ComparePace } from './compare-pace.js';
import { ScriptedTime } from './testing/scripted-time.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('the pace of comparisons', () => {
  const time = new ScriptedTime();
  let pace: ComparePace;
  let stopped: AbortController;
  beforeEach(() => {
    time.install();
    pace = new ComparePace();
    stopped = new AbortController();
  });
  afterEach(() => {
    time.restore();
  });

  /** Waits for the next comparison. */
  const wait = (inDoubt: () => boolean = () => false) => {
    const waiting = { due: false };
    void pace.next(inDoubt, stopped.signal).then(() => (waiting.due = true));
    return waiting;
  };
  const pass = async (ms: number) => {
    time.pass(ms);
    await turns(2);
  };

  it('is one in about five minutes where there is no doubt', async () => {
    const next = wait();
    await pass(4 * MINUTE - 1);
    expect(next.due).toBe(false);
    await pass(2 * MINUTE + 1);
    expect(next.due).toBe(true);
  });

  it('differs from engine to engine', async () => {
    const others = Array.from({ length: 20 }, () => wait());
    await pass(5 * MINUTE);
    const due = others.filter((other) => other.due).length;
    expect(due).toBeGreaterThan(0);
    expect(due).toBeLessThan(20);
  });

  it('is at once after a doubt, also one from before', async () => {
    let doubt = false;
    const next = wait(() => doubt);
    await pass(SECOND);
    expect(next.due).toBe(false);
    doubt = true;
    pace.hurry();
    await pass(0);
    expect(next.due).toBe(true);
    const again = wait(() => true);
    await pass(0);
    expect(again.due).toBe(true);
  });

  it('is not faster than half a second, however many doubts there are', async () => {
    pace.compared(1);
    const next = wait(() => true);
    await pass(499);
    expect(next.due).toBe(false);
    await pass(1);
    expect(next.due).toBe(true);
  });

  it('leaves the engine in peace for a multiple of what a comparison took', async () => {
    pace.compared(4 * SECOND);
    const doubtful = wait(() => true);
    await pass(19 * SECOND);
    expect(doubtful.due).toBe(false);
    await pass(SECOND);
    expect(doubtful.due).toBe(true);

    pace.compared(10 * SECOND);
    const regular = wait();
    await pass(16 * MINUTE);
    expect(regular.due).toBe(false);
    await pass(MINUTE);
    expect(regular.due).toBe(true);
  });

  it('ends with the program', async () => {
    pace.compared(MINUTE);
    const [regular, doubtful] = [wait(), wait(() => true)];
    stopped.abort();
    await pass(0);
    expect([regular.due, doubtful.due]).toEqual([true, true]);
  });

  it('of attempts to reach an engine slows down to one in five seconds at the most', () => {
    const longest = (failures: number) =>
      Math.max(...Array.from({ length: 50 }, () => pace.backOff(failures)));
    const shortest = (failures: number) =>
      Math.min(...Array.from({ length: 50 }, () => pace.backOff(failures)));
    expect(longest(0)).toBeLessThanOrEqual(100);
    expect(shortest(0)).toBeGreaterThanOrEqual(50);
    expect(shortest(3)).toBeGreaterThanOrEqual(400);
    expect(longest(1_000)).toBeLessThanOrEqual(5_000);
    expect(shortest(1_000)).toBeGreaterThanOrEqual(2_500);
  });
});
