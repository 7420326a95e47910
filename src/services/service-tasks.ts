import { isDeepStrictEqual } from 'node:util';
import type { ServiceDocument, TaskOfService, TaskSpec } from '../gate/engine-handle.js';
import { isOver, taskState } from '../tasks/task-words.js';
import { modeOf } from './service-mode.js';
import type { ServiceTaskCounts } from './service.model.js';

/** Each task is one of a replica; of a global service, of a node. */
export function placeOf({ Slot, NodeID = '', ID }: TaskOfService): string {
  return Slot ? String(Slot) : NodeID === '' ? ID : NodeID;
}

/** Tasks that the swarm wants to run, or to complete. */
export function isWanted({ DesiredState }: TaskOfService): boolean {
  return !isOver(taskState(DesiredState)) || taskState(DesiredState) === 'complete';
}

/** Whether a task is of this run of a job; true where the service is none. */
export function isOfRun({ JobStatus }: ServiceDocument, { JobIteration }: TaskOfService): boolean {
  return !JobStatus || (JobStatus.JobIteration?.Index ?? 0) === (JobIteration?.Index ?? 0);
}

/** How many tasks of a service are to run, run, or have completed. */
export function countTasks(service: ServiceDocument, tasks: readonly TaskOfService[]): ServiceTaskCounts {
  const mode = modeOf(service.Spec);
  const ofRun = tasks.filter((task) => isOfRun(service, task));
  const running = ofRun.filter((task) => isWanted(task) && task.Status?.State === 'running');
  const completed = ofRun.filter(({ Status }) => Status?.State === 'complete').length;
  const isJob = mode === 'replicatedJob' || mode === 'globalJob';
  return {
    desired: desiredOf(service, ofRun),
    running: new Set(running.map(placeOf)).size,
    completed: isJob ? completed : 0,
  };
}

function desiredOf({ Spec }: ServiceDocument, tasks: readonly TaskOfService[]): number {
  const { Replicated, ReplicatedJob } = Spec.Mode ?? {};
  switch (modeOf(Spec)) {
    case 'replicated':
      return Replicated?.Replicas ?? 0;
    case 'replicatedJob':
      return ReplicatedJob?.TotalCompletions ?? ReplicatedJob?.MaxConcurrent ?? 1;
    default:
      return new Set(tasks.filter(isWanted).map(placeOf)).size;
  }
}

/**
 * Whether a task was made by the spec that its service has now, as far as everybody may see. SwarmKit leaves a task alone where
 * nothing but its placement has changed.
 */
export function isCurrent({ Spec }: ServiceDocument, task: TaskOfService): boolean {
  return isDeepStrictEqual(comparable(Spec.TaskTemplate ?? {}), comparable(task.Spec));
}

function comparable({ Placement: _, Runtime, LogDriver, ContainerSpec, ...rest }: TaskSpec): object {
  const { Env, Mounts, ...container } = ContainerSpec ?? {};
  return { ...rest, container };
}

const MOST_ERRORS = 3;

/** Why tasks failed or cannot go on, the newest first, each once. */
export function errorsOf(tasks: readonly TaskOfService[]): string[] {
  const newestFirst = [...tasks].sort((one, other) => timeOf(other) - timeOf(one));
  const errors = newestFirst.flatMap(({ Status }) => (Status?.Err ? [Status.Err] : []));
  return [...new Set(errors)].slice(0, MOST_ERRORS);
}

/** Why the version failed that the service has gone back from: what the newest tasks of another version than its own say. */
export function errorsBefore(service: ServiceDocument, tasks: readonly TaskOfService[]): string[] {
  const others = tasks.filter((task) => task.Status?.Err && !isCurrent(service, task));
  const [newest] = [...others].sort((one, other) => timeOf(other) - timeOf(one));
  if (!newest) return errorsOf(tasks);
  return errorsOf(others.filter(({ Spec }) => isDeepStrictEqual(comparable(Spec), comparable(newest.Spec))));
}

function timeOf({ Status, CreatedAt }: TaskOfService): number {
  return Date.parse(Status?.Timestamp ?? CreatedAt);
}
