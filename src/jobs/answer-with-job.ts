import { applyDecorators } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/errors.js';
import { oneByOne, sendStream, type StreamFormat } from '../http/streaming.js';
import { followStarted } from './job-following.js';
import { Job } from './job.model.js';

const FORMATS = ['text/event-stream', 'application/x-ndjson'] as const satisfies readonly StreamFormat[];

/**
 * Answers with a job that was just started: `202` with where it is found, or, to who accepts an event stream (or NDJSON), with
 * its progress until it ends: events `progress`, the last with its outcome, then `end`. The job goes on where the client leaves.
 *
 * @param started what `JobsService.start` answers with
 */
export async function answerWithJob(
  request: FastifyRequest,
  reply: FastifyReply,
  started: Promise<Job>,
): Promise<void> {
  const job = await started;
  void reply.header('location', `/api/v1/jobs/${job.id}`);
  if (!asksForStream(request.headers.accept)) {
    void reply.status(202).send(job);
    return;
  }
  const follow = followStarted(job);
  if (!follow) throw new DomainError('internal', 'Only a job that was just started is answered with');
  void reply.status(200);
  await sendStream(request, reply, { formats: FORMATS, event: 'progress', shared: true }, async (signal) =>
    oneByOne(await follow(signal)),
  );
}

/** Declares what `answerWithJob` answers with. */
export function ApiAnswersWithJob() {
  return applyDecorators(
    ApiExtraModels(Job),
    ApiAcceptedResponse({
      description: 'It is queued or under way.',
      headers: { Location: { description: 'Where the job is found.', schema: { type: 'string' } } },
      content: { 'application/json': { schema: { $ref: getSchemaPath(Job) } } },
    }),
    ApiOkResponse({
      description:
        'For clients that accept a stream: the job each time it has changed, the last one with its outcome.',
      content: {
        'text/event-stream': { schema: { type: 'string' } },
        'application/x-ndjson': { schema: { $ref: getSchemaPath(Job) } },
      },
    }),
  );
}

/** Only where a stream is named: who accepts anything gets the plain answer. */
function asksForStream(accept = ''): boolean {
  const wanted = accept
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0+)?$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim());
  return FORMATS.some((format) => wanted.includes(format));
}
