/** In the order in which a task goes through them; those from `complete` on are final. */
export const TASK_STATES = [
  'new',
  'allocated',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'remove',
  'orphaned',
] as const;

export type TaskState = (typeof TASK_STATES)[number];

const FIRST_FINAL = TASK_STATES.indexOf('complete');

/** Whether the task will not run any more. */
export function isOver(state: TaskState): boolean {
  return TASK_STATES.indexOf(state) >= FIRST_FINAL;
}

/** What the engine says; `new` for a word that we do not know. */
export function taskState(text: string | undefined): TaskState {
  return TASK_STATES.find((state) => state === text) ?? 'new';
}
