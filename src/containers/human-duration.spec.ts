import { expect, it } from '@jest/globals';
import { humanDuration } from './human-duration.js';

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;
const DAYS = 24 * HOURS;

it.each([
  [-5_000, 'Less than a second'],
  [999, 'Less than a second'],
  [1_999, '1 second'],
  [59_999, '59 seconds'],
  [60_000, 'About a minute'],
  [119_999, 'About a minute'],
  [2 * MINUTES, '2 minutes'],
  [HOURS - 1, '59 minutes'],
  [HOURS, 'About an hour'],
  [1.4 * HOURS, 'About an hour'],
  [1.5 * HOURS, '2 hours'],
  [47.4 * HOURS, '47 hours'],
  [47.5 * HOURS, '2 days'],
  [13 * DAYS, '13 days'],
  [14 * DAYS, '2 weeks'],
  [59 * DAYS, '8 weeks'],
  [60 * DAYS, '2 months'],
  [729 * DAYS, '24 months'],
  [730 * DAYS, '2 years'],
  [3_000 * DAYS, '8 years'],
])('%d milliseconds are "%s"', (milliseconds, words) => {
  expect(humanDuration(milliseconds)).toBe(words);
});
