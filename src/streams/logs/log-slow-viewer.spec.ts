import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { numbers, sharedLog, take, takeAll, view } from '../testing/log-viewers.js';
import { ScriptedLog } from '../testing/scripted-log.js';
import { turns, until } from '../testing/turns.js';

afterEach(() => {
  jest.useRealTimers();
});

describe('a slow viewer', () => {
  /** A viewer that has read line 0, and waits in the ring for what comes next: line 1, which it has read too. */
  async function waitingInRing(source: ScriptedLog, log: ReturnType<typeof sharedLog>) {
    const viewer = view(log);
    source.write('0');
    expect(await take(viewer, 1)).toEqual(['0']);
    const next = take(viewer, 1);
    await turns(3);
    source.write('1');
    expect(await next).toEqual(['1']);
    return viewer;
  }

  it('gets all of 10,000 lines through a ring of 10, which never holds more', async () => {
    const source = new ScriptedLog({ batch: 50 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const slow = view(log);
    const fast = takeAll(view(log));
    source.write('0');
    const seen = await take(slow, 1);
    let largest = 0;
    for (let line = 1; line < 10_000; line++) {
      source.write(String(line));
      largest = Math.max(largest, log.ring.length);
      if (line % 100 === 0) await turns();
      if (line % 1_000 === 0) seen.push(...(await take(slow, 1)));
    }
    source.stop();
    seen.push(...(await takeAll(slow)));
    expect(await fast).toEqual(numbers(0, 9_999));
    expect(seen).toEqual(numbers(0, 9_999));
    expect(largest).toBeLessThanOrEqual(10);
    expect(source.follows).toBe(1);
  });

  it('that is the only one slows the upstream down and keeps its place', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const source = new ScriptedLog({ batch: 50 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 }, patienceMs: 100 });
    const slow = await waitingInRing(source, log);
    source.writeNumbers(2, 999);
    source.stop();
    await turns(20);
    jest.advanceTimersByTime(10_000);
    await turns(20);
    expect(log.ring.end).toBe(12);
    expect(await takeAll(slow)).toEqual(numbers(2, 999));
    expect(source.ownReadings).toBe(1);
  });

  it('is waited for before it loses its place, and then holds nobody up', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const source = new ScriptedLog({ batch: 5 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 }, patienceMs: 100 });
    const slow = await waitingInRing(source, log);
    const fast = takeAll(view(log));
    source.writeNumbers(2, 200);
    source.stop();
    await turns(50);
    expect(log.ring.end).toBe(12);
    jest.advanceTimersByTime(100);
    expect(await fast).toEqual(numbers(0, 200));
    const readings = source.ownReadings;
    expect(await takeAll(slow)).toEqual(numbers(2, 200));
    expect(source.ownReadings).toBe(readings + 1);
  });

  it('does not change what a new viewer with a tail gets', async () => {
    const source = new ScriptedLog({ batch: 50 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const stalled = await waitingInRing(source, log);
    source.writeNumbers(2, 1_000);
    await turns(20);
    expect(log.ring.end).toBe(12); // The upstream waits for the stalled viewer, far behind the log's end.
    const late = takeAll(view(log, { tail: 3 }));
    await until(() => log.ring.end > 1_000);
    source.write('1001');
    source.stop();
    expect(await late).toEqual(numbers(998, 1_001));
    expect(await takeAll(stalled)).toEqual(numbers(2, 1_001));
  });

  it('is told of the gap where the engine has rotated away what it missed', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const [slow, fast] = [view(log), view(log)];
    source.writeNumbers(1, 5);
    expect(await take(slow, 5)).toEqual(numbers(1, 5));
    const all = takeAll(fast);
    source.writeNumbers(6, 500);
    await until(() => log.ring.end === 500);
    source.rotate(20);
    source.stop();
    expect(await all).toEqual(numbers(1, 500));
    expect(await takeAll(slow)).toEqual(['GAP', ...numbers(481, 500)]);
  });

  it('keeps its place by bytes too: one line may fill the ring', async () => {
    const source = new ScriptedLog({ batch: 3 });
    const log = sharedLog(source, { ring: { items: 100, bytes: 4_000 } });
    const lines = numbers(1, 60).map((line) => line.padEnd(Number(line) % 3 === 0 ? 5_000 : 900, '.'));
    const [slow, fast] = [view(log), view(log)];
    source.write('first');
    expect(await take(slow, 1)).toEqual(['first']);
    const all = takeAll(fast);
    for (const line of lines) {
      source.write(line);
      await turns();
      expect(log.ring.bytes <= 4_000 || log.ring.length === 1).toBe(true);
    }
    source.stop();
    expect(await all).toEqual(['first', ...lines]);
    expect(await takeAll(slow)).toEqual(lines);
  });
});
