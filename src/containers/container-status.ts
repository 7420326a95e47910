import type { ContainerInspectInfo } from 'dockerode';
import {
  CONTAINER_STATES,
  type ContainerState,
  HEALTH_STATES,
  type HealthState,
} from './container-states.js';
import type { Loose } from './engine-document.js';
import { humanDuration, lengthLasts } from './human-duration.js';

/** `State` of ContainerInspect. */
export type StateDocument = Loose<ContainerInspectInfo['State']>;

/** The engine's time for "never" is the start of year 1. */
const NEVER = /^0001-/;

/** The time, or null where the engine says that it never was. */
export function timeOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === null || text === '' || NEVER.test(text) ? null : text;
}

export function toState(text: string | null | undefined): ContainerState {
  return CONTAINER_STATES.find((state) => state === text) ?? 'created';
}

export function toHealth(text: string | null | undefined): HealthState {
  return HEALTH_STATES.find((state) => state === text) ?? 'none';
}

/**
 * The status text of a container that was inspected, in the words that the engine uses in lists.
 *
 * @param now in milliseconds since the epoch
 */
export function statusText(state: StateDocument, now: number): string {
  const exitCode = state.ExitCode ?? 0;
  switch (toState(state.Status)) {
    case 'running':
      return `Up ${since(state.StartedAt, now)}${healthSuffix(toHealth(state.Health?.Status))}`;
    case 'paused':
      return `Up ${since(state.StartedAt, now)} (Paused)`;
    case 'restarting':
      return `Restarting (${exitCode}) ${since(state.FinishedAt, now)} ago`;
    case 'exited':
      return `Exited (${exitCode}) ${since(state.FinishedAt, now)} ago`;
    case 'removing':
      return 'Removal In Progress';
    case 'dead':
      return 'Dead';
    case 'created':
      return 'Created';
  }
}

/** How long the status text stays as it is, in milliseconds from `now`; infinite where it counts nothing. */
export function statusLasts(state: StateDocument, now: number): number {
  switch (toState(state.Status)) {
    case 'running':
    case 'paused':
      return lengthLasts(now - timeOf(state.StartedAt, now));
    case 'restarting':
    case 'exited':
      return lengthLasts(now - timeOf(state.FinishedAt, now));
    default:
      return Number.POSITIVE_INFINITY;
  }
}

/**
 * The exit code of the last run, or null where there is none: the engine says 0 too while a container runs and before
 * it ever has. One that could not be started is still `created`, with a code other than 0.
 */
export function exitCodeOrNull(state: StateDocument): number | null {
  const exitCode = state.ExitCode ?? null;
  switch (toState(state.Status)) {
    case 'running':
    case 'paused':
      return null;
    case 'created':
      return exitCode === 0 ? null : exitCode;
    default:
      return exitCode;
  }
}

function healthSuffix(health: HealthState): string {
  if (health === 'none') return '';
  return health === 'starting' ? ' (health: starting)' : ` (${health})`;
}

function since(time: string | null | undefined, now: number): string {
  return humanDuration(now - timeOf(time, now));
}

function timeOf(time: string | null | undefined, now: number): number {
  const text = timeOrNull(time);
  return text === null ? now : Date.parse(text);
}
