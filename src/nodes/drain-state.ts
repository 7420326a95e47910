import type { TaskDocument } from '../gate/engine-handle.js';

/** States that a task does not leave any more. */
const ENDED: readonly string[] = ['complete', 'shutdown', 'failed', 'rejected', 'remove', 'orphaned'];
/** States of a task that does, or has done, its work. */
const AT_WORK: readonly string[] = ['running', 'complete'];
/** What a task is wanted to be that is not to end. */
const WANTED: readonly string[] = ['ready', 'running', 'complete'];

/** What became of one of the tasks that ran on a node. */
export interface DrainedTask {
  readonly task: TaskDocument;
  /**
   * `moved`: it ended, and another does its work on another node. `stopped`: it ended, and nothing is wanted in its place,
   * as of a global service. `waiting`: it has not ended, or nothing does its work elsewhere yet.
   */
  readonly state: 'moved' | 'stopped' | 'waiting';
  /** The task in its place, where there is one. */
  readonly successor: TaskDocument | undefined;
}

/** The tasks of services that a node has, and that have not ended. */
export function tasksOn(nodeId: string, tasks: readonly TaskDocument[]): TaskDocument[] {
  return tasks.filter((task) => task.NodeID === nodeId && isOfService(task) && !hasEnded(task));
}

/**
 * What became of the tasks that a node had.
 *
 * @param before as `tasksOn` tells, from before the node was drained
 * @param tasks all that there are now
 */
export function drainState(
  nodeId: string,
  before: readonly TaskDocument[],
  tasks: readonly TaskDocument[],
): DrainedTask[] {
  const now = new Map(tasks.map((task) => [task.ID, task]));
  const successors = new Map<string, TaskDocument>();
  const had = new Set(before.map(({ ID }) => ID));
  for (const task of tasks) {
    if (isReplica(task) && !had.has(task.ID) && isWanted(task)) successors.set(placeOf(task), task);
  }
  return before.map((task): DrainedTask => {
    const current = now.get(task.ID);
    const successor = isReplica(task) ? successors.get(placeOf(task)) : undefined;
    if (current && !hasEnded(current)) return { task, state: 'waiting', successor };
    if (!successor) return { task, state: 'stopped', successor };
    const moved = successor.NodeID !== nodeId && AT_WORK.includes(stateOf(successor));
    return { task, state: moved ? 'moved' : 'waiting', successor };
  });
}

/** What a task is called by people: the service's name is not known here. */
export function nameOf({ ID, Slot, ServiceID = '' }: TaskDocument): string {
  return Slot === undefined || Slot === 0 ? ID : `${ServiceID}.${Slot}`;
}

function isOfService({ ServiceID = '' }: TaskDocument): boolean {
  return ServiceID !== '';
}

/** Tasks of global services have no number: each is its node's own. */
function isReplica({ Slot = 0, ...task }: TaskDocument): boolean {
  return Slot > 0 && isOfService(task);
}

function placeOf({ ServiceID = '', Slot = 0 }: TaskDocument): string {
  return `${ServiceID}.${Slot}`;
}

function hasEnded(task: TaskDocument): boolean {
  return ENDED.includes(stateOf(task));
}

function isWanted({ DesiredState = '' }: TaskDocument): boolean {
  return WANTED.includes(DesiredState);
}

function stateOf({ Status }: TaskDocument): string {
  return Status?.State ?? 'new';
}
