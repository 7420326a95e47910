import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerWithJob } from '../jobs/answer-with-job.js';
import type { Job } from '../jobs/job.model.js';
import type { ServiceDetails } from './service.model.js';

/**
 * Answers with a service that was just made or changed; or with the job that `converge` starts then, as `answerWithJob` does.
 *
 * @param status of the answer with the service
 */
export async function answerWithChange(
  request: FastifyRequest,
  reply: FastifyReply,
  status: 200 | 201,
  change: Promise<ServiceDetails>,
  converge: ((service: ServiceDetails) => Promise<Job>) | undefined,
): Promise<void> {
  const service = await change;
  if (converge) return answerWithJob(request, reply, converge(service));
  void reply.status(status).send(service);
}
