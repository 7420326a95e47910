import { describe, expect, it } from '@jest/globals';
import { numbers, sharedLog, take, takeAll, view } from '../testing/log-viewers.js';
import { ScriptedLog, stampOf } from '../testing/scripted-log.js';
import { turns, until } from '../testing/turns.js';

describe('a late viewer', () => {
  async function runningLog(lines: number) {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const first = view(log);
    source.writeNumbers(1, lines);
    await take(first, lines);
    void takeAll(first); // It goes on reading, and so finds its place in the ring.
    await turns(3);
    return { source, log };
  }

  it.each([
    ['tail 10', { tail: 10 }, numbers(91, 100)],
    ['tail 0', { tail: 0 }, []],
    ['tail 5,000, more than there is', { tail: 5_000 }, numbers(1, 100)],
    ['all', { tail: 'all' as const }, numbers(1, 100)],
  ])('with %s gets that history, then what is written', async (_, options, history) => {
    const { source, log } = await runningLog(100);
    const readings = source.ownReadings;
    const late = takeAll(view(log, options));
    await turns(3);
    source.writeNumbers(101, 150);
    source.stop();
    expect(await late).toEqual([...history, ...numbers(101, 150)]);
    expect(source.ownReadings).toBe(readings); // The ring had it all.
  });

  it('with since gets the lines from that very instant on', async () => {
    const { source, log } = await runningLog(100);
    const since = source.written[89]?.timestamp;
    source.stop();
    expect(await takeAll(view(log, { since }))).toEqual(numbers(90, 100));
  });

  it.each([
    ['tail 9', { tail: 9 }, 492, 0],
    ['tail 10, as many as the ring has', { tail: 10 }, 491, 0],
    ['tail 11', { tail: 11 }, 490, 1],
  ])('with %s reads the log itself only for what the ring has no more', async (_, options, first, reads) => {
    const source = new ScriptedLog();
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const all = view(log);
    source.writeNumbers(1, 500);
    await take(all, 500);
    const rest = takeAll(all);
    await turns(3);
    const readings = source.ownReadings;
    const late = takeAll(view(log, options));
    await turns(5);
    source.write('501');
    await turns(5);
    source.stop();
    expect(await late).toEqual(numbers(first, 501));
    expect(source.ownReadings - readings).toBe(reads);
    await rest;
  });

  it('with since from before what the ring has reads the log itself', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const all = view(log);
    source.writeNumbers(1, 500);
    await take(all, 500);
    const rest = takeAll(all);
    await turns(3);
    const late = takeAll(view(log, { since: source.written[399]?.timestamp }));
    await turns(5);
    source.stop();
    expect(await late).toEqual(numbers(400, 500));
    await rest;
  });

  it('with a tail gets the last lines though the upstream is still bringing older ones', async () => {
    const source = new ScriptedLog({ batch: 5, pause: () => turns() });
    source.writeNumbers(1, 100);
    const log = sharedLog(source);
    const first = takeAll(view(log));
    await until(() => log.ring.end >= 5);
    expect(log.ring.end).toBeLessThan(100);
    const late = takeAll(view(log, { tail: 3 }));
    await turns(100);
    source.stop();
    expect(await late).toEqual(numbers(98, 100));
    expect(await first).toEqual(numbers(1, 100));
  });

  it('that wants all is not content with a ring that begins later than the log', async () => {
    // The engine counts a long line as several in a tail, so it may give fewer lines than asked for.
    const log = new ScriptedLog();
    const source = {
      open: (...[read, signal]: Parameters<ScriptedLog['open']>) =>
        log.open(read.follow ? { ...read, tail: 3 } : read, signal),
    };
    log.writeNumbers(1, 50);
    const shared = sharedLog(source);
    const first = takeAll(view(shared));
    await turns(5);
    const late = takeAll(view(shared));
    await turns(5);
    log.stop();
    expect(await first).toEqual(numbers(1, 50));
    expect(await late).toEqual(numbers(1, 50));
  });

  it('with since in the future sees nothing until then', async () => {
    const { source, log } = await runningLog(100);
    const since = stampOf(BigInt(Date.UTC(2026, 0, 2)) * 1_000_000n);
    const late = takeAll(view(log, { since }));
    await turns(3);
    source.write('too early');
    source.advance(24n * 3_600n * 1_000_000_000n);
    source.write('in time');
    source.stop();
    expect(await late).toEqual(['in time']);
  });

  it('with until ends after the last line that is not newer', async () => {
    const { source, log } = await runningLog(100);
    const until = source.written[49]?.timestamp;
    expect(await takeAll(view(log, { until }))).toEqual(numbers(1, 50));
    expect(log.upstream.over).toBe(false);
  });

  it('gets history that the ring has no more from the engine, and what is written through the ring', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const first = view(log);
    source.writeNumbers(1, 500);
    await take(first, 500);
    const late = takeAll(view(log));
    const rest = takeAll(first);
    await turns(5);
    source.writeNumbers(501, 505);
    source.stop();
    expect(await late).toEqual(numbers(1, 505));
    expect(await rest).toEqual(numbers(501, 505));
    expect(source.follows).toBe(1);
  });
});
