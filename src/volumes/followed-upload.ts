import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { JobContext, JobSpec, JobsService } from '../jobs/jobs.service.js';

/**
 * Does work that feeds on a request's body as a job, so that others can follow and cancel it, and waits for its end: the
 * request has to go on as long as its body is read.
 *
 * @param signal aborted when the client goes away, which ends the work
 * @throws what the work fails with; DomainError `cancelled` where it was cancelled before it began
 */
export async function followedUpload<T extends object>(
  jobs: JobsService,
  actor: Actor,
  spec: JobSpec,
  signal: AbortSignal,
  work: (job: JobContext, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const outcome = Promise.withResolvers<T>();
  const { id } = await jobs.start(actor, spec, async (job) => {
    try {
      const result = await work(job, AbortSignal.any([job.signal, signal]));
      outcome.resolve(result);
      return result;
    } catch (error) {
      outcome.reject(error);
      throw error;
    }
  });
  const ended = new AbortController();
  const followed = followToEnd(jobs, actor, id, ended.signal).then(
    () => {
      outcome.reject(new DomainError('cancelled', 'The job was cancelled before it began'));
    },
    () => undefined, // Whether it can be followed is no matter: what it comes to is told by the work itself.
  );
  try {
    return await outcome.promise;
  } finally {
    ended.abort();
    await followed;
  }
}

async function followToEnd(jobs: JobsService, actor: Actor, id: string, signal: AbortSignal): Promise<void> {
  const news = (await jobs.follow(actor, id, signal))[Symbol.asyncIterator]();
  while ((await news.next()).done !== true);
}
