import { describe, expect, it } from '@jest/globals';
import {
  exitCodeOrNull,
  type StateDocument,
  statusLasts,
  statusText,
  timeOrNull,
} from './container-status.js';

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
const NEVER = '0001-01-01T00:00:00Z';
const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

describe('the status of a container', () => {
  it.each<[string, StateDocument]>([
    ['Up 3 minutes', { Status: 'running', Running: true, StartedAt: minutesAgo(3), FinishedAt: NEVER }],
    [
      'Up 3 minutes (healthy)',
      { Status: 'running', StartedAt: minutesAgo(3), Health: { Status: 'healthy' } },
    ],
    [
      'Up About a minute (unhealthy)',
      { Status: 'running', StartedAt: minutesAgo(1), Health: { Status: 'unhealthy' } },
    ],
    [
      'Up Less than a second (health: starting)',
      { Status: 'running', StartedAt: minutesAgo(0), Health: { Status: 'starting' } },
    ],
    ['Up 3 minutes', { Status: 'running', StartedAt: minutesAgo(3), Health: { Status: 'none' } }],
    ['Up 3 minutes (Paused)', { Status: 'paused', StartedAt: minutesAgo(3), Health: { Status: 'healthy' } }],
    ['Exited (0) 2 hours ago', { Status: 'exited', ExitCode: 0, FinishedAt: minutesAgo(120) }],
    ['Exited (137) 2 days ago', { Status: 'exited', ExitCode: 137, FinishedAt: minutesAgo(2 * 24 * 60) }],
    ['Restarting (1) 5 minutes ago', { Status: 'restarting', ExitCode: 1, FinishedAt: minutesAgo(5) }],
    ['Created', { Status: 'created', StartedAt: NEVER, FinishedAt: NEVER }],
    ['Removal In Progress', { Status: 'removing', Dead: true }],
    ['Dead', { Status: 'dead', Dead: true }],
  ])('is worded "%s"', (words, state) => {
    expect(statusText(state, NOW)).toBe(words);
  });

  it('is worded also where the engine says next to nothing', () => {
    expect(statusText({}, NOW)).toBe('Created');
    expect(statusText({ Status: 'running', StartedAt: null }, NOW)).toBe('Up Less than a second');
    expect(statusText({ Status: 'a state of tomorrow' }, NOW)).toBe('Created');
  });
});

describe('the words for a state', () => {
  const ago = (milliseconds: number) => new Date(NOW - milliseconds).toISOString();
  const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

  it.each<[string, StateDocument]>([
    ['that has just begun', { Status: 'running', StartedAt: ago(0) }],
    ['of seconds', { Status: 'running', StartedAt: ago(4_300) }],
    ['of the last second of a minute', { Status: 'running', StartedAt: ago(MINUTE - 1) }],
    ['of minutes', { Status: 'paused', StartedAt: ago(7 * MINUTE + 11 * SECOND) }],
    ['of the last minute of an hour', { Status: 'running', StartedAt: ago(HOUR - 5) }],
    ['of hours', { Status: 'exited', FinishedAt: ago(2.7 * HOUR) }],
    ['of days', { Status: 'exited', FinishedAt: ago(77.2 * HOUR) }],
    ['of a clock that is behind', { Status: 'running', StartedAt: ago(-1_500) }],
  ])('stay the same for as long as is said: one %s', (_name, state) => {
    const lasts = statusLasts(state, NOW);
    expect(lasts).toBeGreaterThan(0);
    expect(statusText(state, NOW + lasts - 1)).toBe(statusText(state, NOW));
  });

  it('stay for ever where they count nothing', () => {
    expect(statusLasts({ Status: 'created' }, NOW)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the exit code', () => {
  it.each<[number | null, string, StateDocument]>([
    [0, 'of a run that succeeded', { Status: 'exited', ExitCode: 0 }],
    [137, 'of a run that was killed', { Status: 'exited', ExitCode: 137 }],
    [1, 'of the run before a restart', { Status: 'restarting', ExitCode: 1 }],
    [127, 'of a container that could not be started', { Status: 'created', ExitCode: 127 }],
    [null, 'of a container that never ran', { Status: 'created', ExitCode: 0 }],
    [null, 'of a container that runs', { Status: 'running', ExitCode: 0 }],
    [null, 'of a container that is paused', { Status: 'paused', ExitCode: 0 }],
    [null, 'that the engine does not tell', { Status: 'exited' }],
  ])('is %s %s', (exitCode, _what, state) => {
    expect(exitCodeOrNull(state)).toBe(exitCode);
  });
});

describe('a time', () => {
  it.each([NEVER, '', null, undefined])('that never was is told as %j', (time) => {
    expect(timeOrNull(time)).toBeNull();
  });

  it('keeps its nanoseconds', () => {
    expect(timeOrNull('2026-01-31T12:00:00.123456789Z')).toBe('2026-01-31T12:00:00.123456789Z');
  });
});
