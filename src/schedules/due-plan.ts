import type { CronTimes } from './cron-times.js';

/** What is later than this was missed: we were down, or the database was away. */
export const LATE_MS = 60_000;

export type MissedPolicy = 'skip' | 'runOnce';

/** What to do about a schedule that is due. */
export interface DuePlan {
  /** To be done now; null for nothing. */
  readonly run: { readonly dueAt: number; readonly missed: number } | null;
  /** To be told as missed; null for nothing. */
  readonly missed: { readonly dueAt: number; readonly count: number } | null;
  /** When it is due next; null for never. */
  readonly nextAt: number | null;
}

/**
 * @param dueAt when it was due, and has not been looked at
 * @param policy what becomes of due times that were missed: nothing, or one run for all of them
 */
export function planDue(times: CronTimes, dueAt: number, now: number, policy: MissedPolicy): DuePlan {
  const { count, last } = times.until(dueAt, now);
  const nextAt = times.after(now);
  if (now - last > LATE_MS) {
    const run = policy === 'runOnce' ? { dueAt: last, missed: count } : null;
    return { run, missed: run ? null : { dueAt, count }, nextAt };
  }
  // Several at once are done once: the last; those before it were missed.
  const before = count - 1;
  return {
    run: { dueAt: last, missed: policy === 'runOnce' ? before : 0 },
    missed: before > 0 && policy === 'skip' ? { dueAt, count: before } : null,
    nextAt,
  };
}
