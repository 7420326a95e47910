/** What long work there is. A closed list; a new kind of work is added here. */
export const JOB_KINDS = [
  'imagePull',
  'imagePush',
  'imageBuild',
  'imageLoad',
  'imageImport',
  'volumeRestore',
  'volumeClone',
  'serviceConvergence',
  'nodeDrain',
  'hookRun',
  'scheduleRun',
] as const;

export type JobKind = (typeof JOB_KINDS)[number];

/** `queued` → `running` → one of the others, which are final. */
export const JOB_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export type JobState = (typeof JOB_STATES)[number];

export type FinalJobState = Exclude<JobState, 'queued' | 'running'>;

export const UNFINISHED = ['queued', 'running'] as const satisfies readonly JobState[];

export function hasEnded(state: JobState): state is FinalJobState {
  return state !== 'queued' && state !== 'running';
}

/** What is told of a job whose work nobody goes on with, since the process that did it is no more. */
export const INTERRUPTED = 'interrupted';
