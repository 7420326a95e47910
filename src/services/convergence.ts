import type { ServiceDocument, TaskOfService } from '../gate/engine-handle.js';
import { isOver, taskState } from '../tasks/task-words.js';
import {
  countTasks,
  errorsBefore,
  errorsOf,
  isCurrent,
  isOfRun,
  isWanted,
  placeOf,
} from './service-tasks.js';
import { modeOf } from './service-mode.js';
import { updateStateOf } from './service.mapper.js';
import type { UpdateState } from './service-words.js';

/**
 * - `converging`: on the way.
 * - `converged`: the tasks are as the service says.
 * - `paused`: the swarm has stopped replacing tasks after a failure.
 * - `rolledBack`: after a failure the swarm has gone back to the earlier version.
 * - `rollbackPaused`: that failed in turn.
 * - `failed`: tasks have failed and no others are started.
 */
export const CONVERGENCE_PHASES = [
  'converging',
  'converged',
  'paused',
  'rolledBack',
  'rollbackPaused',
  'failed',
] as const;
export type ConvergencePhase = (typeof CONVERGENCE_PHASES)[number];

/** What led to it: a change, a rollback that was asked for, or something that is not known. */
export type Expectation = 'change' | 'rollback' | 'unknown';

/** One replica, or the one of a node, and how far its task is. */
export interface ConvergingPlace {
  readonly place: string;
  readonly state: string;
}

export interface Convergence {
  readonly phase: ConvergencePhase;
  readonly updateState: UpdateState;
  /** What the swarm says of the update. */
  readonly updateMessage: string;
  readonly desired: number;
  /** Of the version that the service has now. */
  readonly running: number;
  readonly completed: number;
  readonly version: number;
  readonly errors: readonly string[];
  readonly places: readonly ConvergingPlace[];
}

const NS_PER_MS = 1_000_000;
/** The engine's own default of `UpdateConfig.Monitor`. */
const DEFAULT_MONITOR_MS = 5_000;
/** The swarm needs a moment to take up a change: until then the tasks look as if nothing was to be done. */
const MIN_SETTLE_MS = 1_000;
const MAX_SETTLE_MS = 60_000;
/** For how long nothing must be under way before it is taken that nothing will be. */
const GIVEN_UP_MS = 3_000;

/** Follows one service until its tasks are as it says, or it is known that they will not be. */
export class ConvergenceFollower {
  private heldSince: number | undefined;
  private idleSince: number | undefined;
  private rollsBack = false;

  constructor(private readonly expects: Expectation) {}

  /** How far it is by what the engine says now. @param now milliseconds, of a clock that only goes on */
  look(service: ServiceDocument, tasks: readonly TaskOfService[], now: number): Convergence {
    const counts = countTasks(service, tasks);
    const running = this.runningNow(service, tasks);
    const updateState = updateStateOf(service);
    const phase = this.phase(service, tasks, { ...counts, running }, updateState, now);
    const since = Date.parse(service.UpdateStatus?.StartedAt ?? service.CreatedAt);
    const recent = tasks.filter((task) => Date.parse(task.UpdatedAt) >= since);
    return {
      phase,
      updateState,
      updateMessage: service.UpdateStatus?.Message ?? '',
      ...counts,
      running,
      version: service.Version.Index,
      errors:
        phase === 'converged' ? [] : phase === 'rolledBack' ? errorsBefore(service, tasks) : errorsOf(recent),
      places: placesOf(tasks.filter((task) => isOfRun(service, task))),
    };
  }

  private runningNow(service: ServiceDocument, tasks: readonly TaskOfService[]): number {
    const current = tasks.filter(
      (task) =>
        isWanted(task) &&
        task.Status?.State === 'running' &&
        isOfRun(service, task) &&
        isCurrent(service, task),
    );
    return new Set(current.map(placeOf)).size;
  }

  private phase(
    service: ServiceDocument,
    tasks: readonly TaskOfService[],
    { desired, running, completed }: { desired: number; running: number; completed: number },
    update: UpdateState,
    now: number,
  ): ConvergencePhase {
    if (update === 'paused') return 'paused';
    if (update === 'rollback_paused') return 'rollbackPaused';
    this.noteRollback(service, update);
    if (update === 'rollback_completed' && this.rollsBack) return 'rolledBack';
    const mode = modeOf(service.Spec);
    const isJob = mode === 'replicatedJob' || mode === 'globalJob';
    const old = tasks.some(
      (task) => isWanted(task) && !isOver(taskState(task.Status?.State)) && !isCurrent(service, task),
    );
    const there = isJob ? completed >= desired && desired > 0 : running === desired && !old;
    const updating = update === 'updating' || update === 'rollback_started';
    if (!there || updating) this.heldSince = undefined;
    else this.heldSince ??= now;
    if (
      there &&
      !updating &&
      (isJob || update === 'completed' || update === 'rollback_completed' || this.held(service, now))
    )
      return 'converged';
    return this.hasGivenUp(service, tasks, there || updating, now) ? 'failed' : 'converging';
  }

  private held(service: ServiceDocument, now: number): boolean {
    const monitor = service.Spec.UpdateConfig?.Monitor;
    const wanted = monitor ? monitor / NS_PER_MS : DEFAULT_MONITOR_MS;
    const settle = Math.min(MAX_SETTLE_MS, Math.max(MIN_SETTLE_MS, wanted));
    return this.heldSince !== undefined && now - this.heldSince >= settle;
  }

  /** A rollback that nobody asked for comes of a failure. */
  private noteRollback({ UpdateStatus }: ServiceDocument, update: UpdateState): void {
    if (this.expects === 'rollback') return;
    const rolls = update === 'rollback_started' || update === 'rollback_completed';
    if (rolls && this.expects === 'change') this.rollsBack = true;
    if (update === 'rollback_started' && !/manually requested/i.test(UpdateStatus?.Message ?? ''))
      this.rollsBack = true;
  }

  /** Where a task fails and its restart policy is at its end, nothing is under way, and nothing will be. */
  private hasGivenUp(
    service: ServiceDocument,
    tasks: readonly TaskOfService[],
    goesOn: boolean,
    now: number,
  ): boolean {
    const underWay = tasks.some(
      (task) =>
        isWanted(task) &&
        taskState(task.Status?.State) !== 'running' &&
        !isOver(taskState(task.Status?.State)),
    );
    const failed = tasks.some(
      (task) => isOfRun(service, task) && ['failed', 'rejected'].includes(task.Status?.State ?? ''),
    );
    if (goesOn || underWay || !failed) this.idleSince = undefined;
    else this.idleSince ??= now;
    return this.idleSince !== undefined && now - this.idleSince >= GIVEN_UP_MS;
  }
}

/** The newest task of each place. */
function placesOf(tasks: readonly TaskOfService[]): ConvergingPlace[] {
  const newest = new Map<string, TaskOfService>();
  for (const task of tasks) {
    const known = newest.get(placeOf(task));
    if (isWanted(task) && (!known || known.CreatedAt < task.CreatedAt)) newest.set(placeOf(task), task);
  }
  return [...newest]
    .sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }))
    .map(([place, { Status }]) => ({
      place,
      state: Status?.Err ? `${Status.State ?? ''}: ${Status.Err}` : (Status?.State ?? ''),
    }));
}
