import { describe, expect, it } from '@jest/globals';
import { CronTimes, MOST_MISSED } from './cron-times.js';

const at = (text: string) => Date.parse(text);
const times = (cron: string, zone: string, from: string, count: number) =>
  CronTimes.of(cron, zone, at(from))
    .several(at(from), count)
    .map((time) => new Date(time).toISOString().replace(':00.000Z', 'Z'));

describe('due times', () => {
  it('are read in their time zone', () => {
    expect(times('30 2 * * *', 'Asia/Kolkata', '2026-06-01T00:00:00Z', 2)).toEqual([
      '2026-06-01T21:00Z',
      '2026-06-02T21:00Z',
    ]);
  });

  it('that summer time leaves out come right after, and that day once', () => {
    // In Berlin 02:00 to 03:00 is not there on 29 March 2026.
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-29T01:00Z',
      '2026-03-30T00:30Z',
    ]);
  });

  it('that the end of summer time has twice come once', () => {
    // In Berlin 02:00 to 03:00 is there twice on 25 October 2026.
    expect(times('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  it('that are so many minutes apart stay so, whatever clocks say', () => {
    for (const day of ['2026-03-29', '2026-10-25']) {
      const start = at(`${day}T00:00:00Z`);
      const all = CronTimes.of('*/30 * * * *', 'Europe/Berlin', start).several(start, 10);
      expect(all).toEqual(all.map((_, index) => start + (index + 1) * 30 * 60_000));
    }
  });

  it('are on days of leap years', () => {
    expect(times('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual(['2028-02-29T00:00Z']);
  });

  it('have seconds where there are six fields', () => {
    const start = at('2026-01-01T00:00:00.500Z');
    expect(CronTimes.of('*/10 * * * * *', 'UTC', start).after(start)).toBe(at('2026-01-01T00:00:10Z'));
  });

  it.each([
    '61 * * * *',
    '* * * *',
    '0 0 30 2 *',
    'rubbish',
    '',
    '0 0 * * 8',
    '* * * * * * 2030',
    '5-1 * * * *',
  ])('are not read of %j', (cron) => {
    expect(() => CronTimes.of(cron, 'UTC', 0)).toThrow(expect.objectContaining({ kind: 'invalid_input' }));
  });

  it.each(['Mars/Base', '', '../etc/passwd'])('are not read in %j', (zone) => {
    expect(() => CronTimes.of('* * * * *', zone, 0)).toThrow(
      expect.objectContaining({ kind: 'invalid_input' }),
    );
  });

  it('that have gone by are counted, up to a bound', () => {
    const cron = CronTimes.of('* * * * *', 'UTC', 0);
    expect(cron.until(60_000, 60_000)).toEqual({ count: 1, last: 60_000 });
    expect(cron.until(60_000, 185_000)).toEqual({ count: 3, last: 180_000 });
    expect(cron.until(60_000, 1e9).count).toBe(MOST_MISSED);
  });
});
