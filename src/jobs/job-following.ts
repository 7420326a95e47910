import type { Job } from './job.model.js';

/** Opens a view on a job: first as it is, then each time it has changed, the newest only for who reads slowly, until it has ended. */
export type Follow = (signal: AbortSignal) => Promise<AsyncIterable<Job>>;

const started = new WeakMap<Job, Follow>();

/** Lets who is given `job` by `start` follow it as who started it. */
export function rememberStarted(job: Job, follow: Follow): Job {
  started.set(job, follow);
  return job;
}

/** How to follow a job that `start` answered with. */
export function followStarted(job: Job): Follow | undefined {
  return started.get(job);
}
