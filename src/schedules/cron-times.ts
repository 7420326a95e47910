import { Cron } from 'croner';
import { DomainError, messageOf } from '../common/errors.js';

/** How far back due times are counted one by one. */
export const MOST_MISSED = 1_000;

/** A cron expression of five or six fields, read in a time zone. */
export class CronTimes {
  private constructor(private readonly cron: Cron) {}

  /**
   * @param expression minute, hour, day of the month, month, day of the week; with six fields the second comes first. `L`, `W`, `#`
   *   and names such as `MON` and `@daily` as croner reads them
   * @param timeZone of the IANA database
   * @throws DomainError `invalid_input` for what is none, or is never due
   */
  static of(expression: string, timeZone: string, now: number): CronTimes {
    if (!isTimeZone(timeZone)) throw invalid('timeZone', 'must be a time zone, such as Europe/Berlin');
    try {
      // Paused: it is asked for times, and does nothing by itself.
      const times = new CronTimes(
        new Cron(expression, { timezone: timeZone, paused: true, mode: '5-or-6-parts' }),
      );
      if (times.after(now) !== null) return times;
    } catch (error) {
      throw invalid('cron', `can't be read: ${messageOf(error)}`);
    }
    throw invalid('cron', 'is never due');
  }

  /** The first due time after a time, in milliseconds since the epoch; null where there is none. */
  after(time: number): number | null {
    return this.cron.nextRun(new Date(time))?.getTime() ?? null;
  }

  /** The first so many due times after a time. */
  several(time: number, count: number): number[] {
    return this.cron.nextRuns(count, new Date(time)).map((date) => date.getTime());
  }

  /**
   * The due times from one to another, both included.
   *
   * @param first is due itself
   * @returns how many there are, of which no more than `MOST_MISSED` are counted, and the last of those
   */
  until(first: number, end: number): { readonly count: number; readonly last: number } {
    let count = 1;
    let last = first;
    while (count < MOST_MISSED) {
      const next = this.after(last);
      if (next === null || next > end) break;
      last = next;
      count++;
    }
    return { count, last };
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false; // which is the answer
  }
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
