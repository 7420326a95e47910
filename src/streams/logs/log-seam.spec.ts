import { describe, expect, it } from '@jest/globals';
import { numbers, sharedLog, take, takeAll, view } from '../testing/log-viewers.js';
import { ScriptedLog } from '../testing/scripted-log.js';
import { turns, until } from '../testing/turns.js';

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

  it('costs a viewer one reading of its own', async () => {
    const source = new ScriptedLog();
    source.writeNumbers(1, 50);
    const seen = takeAll(view(sharedLog(source)));
    await turns(5);
    source.writeNumbers(51, 100);
    await turns(5);
    source.stop();
    expect(await seen).toEqual(numbers(1, 100));
    expect(source.ownReadings).toBe(1);
  });

  it('holds where the upstream begins late, and so after what it could still have brought', async () => {
    let begun = false;
    let accepted = false;
    const source: ScriptedLog = new ScriptedLog({
      pause: async (read) => {
        if (read.follow && accepted) await until(() => begun);
        accepted = true;
      },
    });
    const log = sharedLog(source, { ring: { items: 5, bytes: 1024 * 1024 } });
    const seen = takeAll(view(log));
    await turns(10); // The viewer has found the log empty.
    source.writeNumbers(1, 200);
    begun = true;
    await turns(20);
    source.stop();
    expect(await seen).toEqual(numbers(1, 200));
  });

  it('holds where the upstream begins amid lines of one time stamp', async () => {
    const source = new ScriptedLog();
    const log = sharedLog(source, { ring: { items: 2, bytes: 1024 * 1024 } });
    for (let line = 0; line < 5; line++) source.write('same', { again: line > 0 });
    const viewer = view(log);
    await take(viewer, 5);
    const more = takeAll(viewer);
    await turns(5);
    for (let line = 0; line < 7; line++) source.write('same', { again: true });
    await turns(5);
    source.stop();
    expect(await more).toHaveLength(7);
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
