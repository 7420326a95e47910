import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors.js';
import { answerWithJob } from '../jobs/answer-with-job.js';
import { followStarted } from '../jobs/job-following.js';
import type { Job } from '../jobs/job.model.js';

/**
 * Like `answerWithJob`, for a job that reads what is uploaded with the request: there is an answer when all of it was read,
 * or the job has ended without. Clients that first send and then listen hear no earlier anyway.
 */
export async function answerWithUploadJob(
  request: FastifyRequest,
  reply: FastifyReply,
  upload: Readable,
  started: Promise<Job>,
): Promise<void> {
  const job = await started;
  await readOrEnded(upload, job);
  // What nobody reads is not waited for.
  if (!upload.readableEnded) void reply.header('connection', 'close');
  await answerWithJob(request, reply, Promise.resolve(job));
}

async function readOrEnded(upload: Readable, job: Job): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  // A client that leaves in the middle: the job tells of it.
  const read = finished(upload, { writable: false, signal }).catch(() => undefined);
  try {
    // Where too many follow jobs already, it is waited for the archive alone.
    await Promise.race([read, end(job, signal).catch(() => read)]);
  } finally {
    settled.abort();
  }
}

async function end(job: Job, signal: AbortSignal): Promise<void> {
  const follow = followStarted(job);
  if (!follow) throw new DomainError('internal', 'Only a job that was just started is answered with');
  for await (const { finishedAt } of await follow(signal)) if (finishedAt !== null) return;
}
