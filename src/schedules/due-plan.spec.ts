import { describe, expect, it } from '@jest/globals';
import { CronTimes } from './cron-times.js';
import { type MissedPolicy, planDue } from './due-plan.js';

const MINUTE = 60_000;
const plan = (cron: string, dueAt: number, now: number, policy: MissedPolicy) =>
  planDue(CronTimes.of(cron, 'UTC', 0), dueAt, now, policy);

describe('what is due', () => {
  it('in time is done, and due again next time', () => {
    expect(plan('*/5 * * * *', 5 * MINUTE, 5 * MINUTE + 300, 'skip')).toEqual({
      run: { dueAt: 5 * MINUTE, missed: 0 },
      missed: null,
      nextAt: 10 * MINUTE,
    });
  });

  it('and was missed is told, and skipped', () => {
    expect(plan('*/5 * * * *', 5 * MINUTE, 32 * MINUTE, 'skip')).toEqual({
      run: null,
      missed: { dueAt: 5 * MINUTE, count: 6 },
      nextAt: 35 * MINUTE,
    });
  });

  it('and was missed is done once, where it is to be', () => {
    expect(plan('*/5 * * * *', 5 * MINUTE, 32 * MINUTE, 'runOnce')).toEqual({
      run: { dueAt: 30 * MINUTE, missed: 6 },
      missed: null,
      nextAt: 35 * MINUTE,
    });
  });

  it('now, after others were missed, is done, and the others are told', () => {
    expect(plan('*/5 * * * *', 5 * MINUTE, 30 * MINUTE + 500, 'skip')).toEqual({
      run: { dueAt: 30 * MINUTE, missed: 0 },
      missed: { dueAt: 5 * MINUTE, count: 5 },
      nextAt: 35 * MINUTE,
    });
    expect(plan('*/5 * * * *', 5 * MINUTE, 30 * MINUTE + 500, 'runOnce')).toMatchObject({
      run: { dueAt: 30 * MINUTE, missed: 5 },
      missed: null,
    });
  });

  it('never twice: the next time is after now', () => {
    for (let now = MINUTE; now < 3 * MINUTE; now += 777) {
      const { nextAt } = plan('* * * * * *', MINUTE, now, 'runOnce');
      expect(nextAt).toBeGreaterThan(now);
    }
  });
});
