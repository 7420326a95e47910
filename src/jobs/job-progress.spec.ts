import { describe, expect, it } from '@jest/globals';
import { LogTail, NO_PROGRESS, withUpdate } from './job-progress.js';

describe('the progress of a job', () => {
  it('keeps what an update leaves out, and makes the percentage of the amounts', () => {
    const first = withUpdate(NO_PROGRESS, { current: 1, total: 3, message: 'Downloading' });
    expect(first).toEqual({ current: 1, total: 3, percent: 33.3, message: 'Downloading', parts: [] });
    expect(withUpdate(first, { current: 3 })).toMatchObject({
      total: 3,
      percent: 100,
      message: 'Downloading',
    });
    expect(withUpdate(first, { percent: 50 })).toMatchObject({ current: 1, percent: 50 });
  });

  it('says nothing that makes no sense', () => {
    for (const update of [{ current: -1 }, { total: NaN }, { percent: Infinity }, { current: 1, total: 0 }])
      expect(withUpdate(NO_PROGRESS, update).percent).toBeNull();
    expect(withUpdate(NO_PROGRESS, { current: 7, total: 5 }).percent).toBe(100);
    expect(withUpdate(NO_PROGRESS, { current: 1.5 }).current).toBe(1);
  });

  it('merges parts by their id, up to a hundred', () => {
    const layers = Array.from({ length: 150 }, (_, index) => ({ id: `${index}`, total: 10 }));
    const { parts } = withUpdate(withUpdate(NO_PROGRESS, { parts: layers }), {
      parts: [{ id: '3', current: 5, message: 'Extracting' }],
    });
    expect(parts).toHaveLength(100);
    expect(parts[3]).toEqual({ id: '3', message: 'Extracting', current: 5, total: 10 });
  });

  it('is text that steers no terminal, and no longer than it may be', () => {
    const { message } = withUpdate(NO_PROGRESS, { message: `\u001b[31m${'x'.repeat(10_000)}` });
    expect(message).toHaveLength(500);
    expect(message).not.toContain('\u001b');
  });
});

describe('the log of a job', () => {
  it('keeps the last lines, and says how many it does not', () => {
    const tail = new LogTail();
    for (let line = 0; line < 5_000; line++) tail.add(`line ${line} ${'x'.repeat(100)}\r\n`);
    const { lines, dropped } = tail.value();
    expect(lines.at(-1)).toBe(`line 4999 ${'x'.repeat(100)}`);
    expect(lines.length + dropped).toBe(5_000);
    expect(lines.join('\n').length).toBeLessThanOrEqual(32 * 1024);
    expect(lines.length).toBeGreaterThan(200);
  });

  it('bounds each line', () => {
    const tail = new LogTail();
    tail.add('x'.repeat(1_000_000));
    expect(tail.value().lines[0]).toHaveLength(1_000);
  });

  it('takes the end off each line, and off no more', () => {
    const tail = new LogTail();
    for (const line of ['', '\n', 'a\r\n\r\n', 'b', `${'\r'.repeat(1_000_000)}c`]) tail.add(line);
    expect(tail.value().lines.slice(0, 4)).toEqual(['', '', 'a', 'b']);
    expect(tail.value().lines).toHaveLength(5);
  });
});
