import { describe, expect, it } from '@jest/globals';
import { numbers, sharedLog, take, takeAll, view } from '../testing/log-viewers.js';
import { ScriptedLog } from '../testing/scripted-log.js';
import { turns } from '../testing/turns.js';

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
