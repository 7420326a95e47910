import { describe, expect, it } from '@jest/globals';
import { DomainError } from '../../common/errors.js';
import { messagesOf, numbers, sharedLog, take, takeAll, view } from '../testing/log-viewers.js';
import { ScriptedLog, stampOf } from '../testing/scripted-log.js';
import { turns, until } from '../testing/turns.js';

describe('viewers of a log that is being written', () => {
  it('see each of 1,000 lines exactly once and in order, through one upstream', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const seen = [view(log), view(log), view(log)].map(takeAll);
    for (let line = 1; line <= 1_000; line++) {
      source.write(String(line));
      if (line % 7 === 0) await turns();
    }
    source.stop();
    for (const messages of await Promise.all(seen)) expect(messages).toEqual(numbers(1, 1_000));
    expect(source.follows).toBe(1);
  });

  it('see stdout and stderr in the order of the log', async () => {
    const source = new ScriptedLog();
    const viewer = view(sharedLog(source));
    source.write('out');
    source.write('err', { stream: 'stderr' });
    source.write('out again');
    expect(await take(viewer, 3)).toEqual(['out', 'err', 'out again']);
  });

  it('see only the stream that they asked for, whatever the others see', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const [out, err] = [view(log, { stderr: false }), view(log, { stdout: false })];
    for (let line = 1; line <= 100; line++)
      source.write(String(line), { stream: line % 2 === 0 ? 'stderr' : 'stdout' });
    source.stop();
    const all = numbers(1, 100);
    expect(await takeAll(out)).toEqual(all.filter((line) => Number(line) % 2 === 1));
    expect(await takeAll(err)).toEqual(all.filter((line) => Number(line) % 2 === 0));
  });

  it('see the lines of a terminal as standard output', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    source.write('typed', { stream: 'console' });
    source.stop();
    expect(await takeAll(view(log, { tty: true, stderr: false }))).toEqual(['typed']);
    expect(await takeAll(view(log, { tty: true, stdout: false }))).toEqual([]);
  });

  it('see identical lines with identical time stamps as often as they were written', async () => {
    const source = new ScriptedLog({ batch: 3 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    source.write('start');
    for (let line = 0; line < 4; line++) source.write('same', { again: line > 0 });
    const [early, slow] = [view(log), view(log)];
    expect(await take(early, 5)).toEqual(['start', 'same', 'same', 'same', 'same']);
    expect(await take(slow, 3)).toEqual(['start', 'same', 'same']);
    for (let line = 0; line < 40; line++) source.write('same', { again: line % 5 !== 0 });
    source.stop();
    expect(await takeAll(early)).toHaveLength(40);
    expect(await takeAll(slow)).toHaveLength(42);
  });
});

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

describe('the seam between history and what is written', () => {
  it('loses and repeats nothing when lines are written while a viewer opens', async () => {
    for (let writtenBefore = 0; writtenBefore < 30; writtenBefore++) {
      let steps = 0;
      const source: ScriptedLog = new ScriptedLog({
        batch: 2,
        pause: () => {
          if (steps++ < 20) source.write(`during ${steps}`);
          return turns();
        },
      });
      for (let line = 0; line < writtenBefore; line++) source.write(`before ${line}`);
      const viewers = [view(sharedLog(source, { ring: { items: 7, bytes: 1024 * 1024 } }))].map(takeAll);
      await until(() => steps > 20);
      await turns(50);
      source.stop();
      const expected = source.written.map(({ message }) => message);
      for (const seen of await Promise.all(viewers)) expect(seen).toEqual(expected);
    }
  });

  it('holds for a log that is empty at first', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const seen = [view(log), view(log, { tail: 0 }), view(log, { tail: 5 })].map(takeAll);
    await turns(5);
    source.writeNumbers(1, 20);
    source.stop();
    for (const messages of await Promise.all(seen)) expect(messages).toEqual(numbers(1, 20));
  });

  it.each([0, 1, 3, 15, 16, 17])(
    'gives a first viewer with tail %d that many lines, then all later ones',
    async (tail) => {
      const source = new ScriptedLog({ batch: 4 });
      source.writeNumbers(1, 50);
      const seen = takeAll(view(sharedLog(source), { tail }));
      await until(() => source.ownReadings > 0);
      await turns(10);
      source.writeNumbers(51, 60);
      source.stop();
      expect(await seen).toEqual(numbers(51 - tail, 60));
    },
  );

  it('holds where the only line is a very long one', async () => {
    for (const tail of ['all', 1, 20] as const) {
      const source = new ScriptedLog();
      const long = 'x'.repeat(20_000);
      source.write(long);
      const seen = takeAll(view(sharedLog(source), { tail }));
      await turns(10);
      source.write('short');
      source.stop();
      expect(await seen).toEqual([long, 'short']);
    }
  });

  it('gives a long line that is under way whole, once it has its end', async () => {
    // The engine hands out 16 KiB of an unfinished line to a reading that ends; a following one waits for its end.
    const whole = new ScriptedLog();
    whole.write('before');
    const source = {
      reads: 0,
      open: (...[read, signal]: Parameters<ScriptedLog['open']>) => {
        if (read.follow) return whole.open(read, signal);
        const part = new ScriptedLog();
        part.write('before');
        part.write('x'.repeat(16_384));
        part.stop();
        return part.open(read, signal);
      },
    };
    const viewer = view(sharedLog(source));
    expect(await take(viewer, 1)).toEqual(['before']);
    await turns(5);
    whole.write('x'.repeat(20_000));
    expect((await take(viewer, 1))[0]).toHaveLength(20_000);
  });
});

describe('a slow viewer', () => {
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

  it('that is the only one slows the upstream down and needs no reading but its first', async () => {
    const source = new ScriptedLog({ batch: 50 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const slow = view(log);
    source.write('0');
    const seen = await take(slow, 1);
    source.writeNumbers(1, 999);
    source.stop();
    await turns(20);
    expect(log.ring.end).toBeLessThan(20);
    const readings = source.ownReadings;
    seen.push(...(await takeAll(slow)));
    expect(seen).toEqual(numbers(0, 999));
    expect(source.ownReadings).toBe(readings);
  });

  it('is waited for before it loses its place, but does not hold the others up', async () => {
    const source = new ScriptedLog({ batch: 5 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 }, patienceMs: 20 });
    const slow = view(log);
    source.write('0');
    await take(slow, 1);
    const readings = source.ownReadings;
    const fast = takeAll(view(log));
    source.writeNumbers(1, 200);
    source.stop();
    expect(await fast).toEqual(numbers(0, 200));
    expect(await takeAll(slow)).toEqual(numbers(1, 200));
    expect(source.ownReadings).toBeGreaterThan(readings);
  });

  it('does not change what a new viewer with a tail gets', async () => {
    const source = new ScriptedLog({ batch: 50 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const stalled = view(log);
    source.write('0');
    await take(stalled, 1);
    source.writeNumbers(1, 1_000);
    await turns(20); // The upstream waits for the stalled viewer, far behind the log's end.
    const late = takeAll(view(log, { tail: 3 }));
    await until(() => log.ring.end > 1_000);
    source.write('1001');
    source.stop();
    expect(await late).toEqual(numbers(998, 1_001));
    expect(await takeAll(stalled)).toEqual(numbers(1, 1_001));
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

describe('the end of a log', () => {
  it('comes to each viewer after it has had all lines', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const [quick, slow] = [view(log), view(log)];
    source.writeNumbers(1, 1_500);
    source.stop();
    expect(await takeAll(quick)).toEqual(numbers(1, 1_500));
    expect(log.upstream.over).toBe(true);
    expect(await takeAll(slow)).toEqual(numbers(1, 1_500));
  });

  it('is an error, after the lines that had come, when the engine goes away', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source);
    const viewers = [view(log), view(log)];
    source.writeNumbers(1, 3);
    for (const viewer of viewers) await take(viewer, 3);
    const waiting = viewers.map((viewer) => take(viewer, 1));
    await turns(3);
    source.writeNumbers(4, 6);
    const gone = new DomainError(
      'engine_unavailable',
      'Engine "local" ended the stream before it was complete.',
    );
    await until(() => log.ring.end === 6);
    source.fail(gone);
    await until(() => log.upstream.over);
    for (const [index, viewer] of viewers.entries()) {
      expect(await waiting[index]).toEqual(numbers(4, 6));
      await expect(viewer.next()).rejects.toBe(gone);
      expect(await viewer.next()).toEqual({ done: true, value: undefined });
    }
  });

  it('is the refusal of the engine, for each viewer, when it does not open', async () => {
    const source = new ScriptedLog();
    const refusal = new DomainError('not_supported', 'configured logging driver does not support reading');
    source.fail(refusal);
    const log = sharedLog(source);
    const viewers = [view(log), view(log)];
    for (const viewer of viewers) await expect(viewer.opened()).rejects.toBe(refusal);
    await expect(view(log).next()).rejects.toBe(refusal);
  });

  it('comes at once to a viewer that leaves, though it waits on a silent log, and holds nothing up', async () => {
    const source = new ScriptedLog({ batch: 5 });
    const log = sharedLog(source, { ring: { items: 10, bytes: 1024 * 1024 } });
    const [leaving, staying] = [view(log), view(log)];
    source.write('0');
    await Promise.all([take(leaving, 1), take(staying, 1)]);
    const waiting = leaving.next();
    await turns(2);
    await leaving.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    source.writeNumbers(1, 100);
    expect(await take(staying, 100)).toEqual(numbers(1, 100));
    expect(log.readers.furthest).toBe(101);
  });

  it('closes the reading of a viewer that leaves amid history', async () => {
    const source = new ScriptedLog({ batch: 5 });
    source.writeNumbers(1, 100);
    const log = sharedLog(source);
    for await (const batch of view(log)) {
      expect(messagesOf(batch)).toEqual(numbers(1, 5));
      break;
    }
    await until(() => source.underWay === 1);
    expect(source.reads.map(({ follow }) => follow)).toEqual([true, false]);
  });
});
