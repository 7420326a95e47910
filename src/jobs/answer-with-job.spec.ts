import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { DomainError } from '../common/errors.js';
import { answerWithJob } from './answer-with-job.js';
import { rememberStarted } from './job-following.js';
import type { Job, JobProgress } from './job.model.js';

const NONE: JobProgress = { current: null, total: null, percent: null, message: null, parts: [] };
const job = (state: Job['state']): Job => ({
  id: '019b76da-a800-7123-8abc-0123456789ab',
  kind: 'imagePull',
  state,
  engine: 'local',
  target: null,
  progress: NONE,
  result: null,
  error: null,
  cancelRequested: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  createdBy: { kind: 'user', id: 'u1', name: 'alice' },
});

describe('an answer with a job that was started', () => {
  let server: FastifyInstance;
  let started: () => Promise<Job>;
  beforeEach(() => {
    started = () =>
      Promise.resolve(rememberStarted(job('queued'), () => Promise.resolve(states('running', 'succeeded'))));
    server = fastify();
    server.post('/', async (request, reply) => {
      void reply.status(201);
      await answerWithJob(request, reply, started());
      return reply;
    });
  });
  afterEach(() => server.close());
  const post = (accept?: string) =>
    server.inject({ method: 'POST', url: '/', headers: accept === undefined ? {} : { accept } });

  it.each([undefined, 'application/json', '*/*', 'application/json, text/event-stream;q=0'])(
    'is 202 and where the job is found, to who accepts %s',
    async (accept) => {
      const answer = await post(accept);
      expect(answer.statusCode).toBe(202);
      expect(answer.headers.location).toBe('/api/v1/jobs/019b76da-a800-7123-8abc-0123456789ab');
      expect(answer.json()).toEqual(job('queued'));
    },
  );

  it('is its progress until it ends, to who accepts events', async () => {
    const answer = await post('text/event-stream');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream'),
      location: '/api/v1/jobs/019b76da-a800-7123-8abc-0123456789ab',
    });
    expect(answer.body).toBe(
      `: open\n\nevent: progress\ndata: ${JSON.stringify(job('running'))}\n\n` +
        `event: progress\ndata: ${JSON.stringify(job('succeeded'))}\n\nevent: end\ndata: {}\n\n`,
    );
  });

  it('is a line each time it has changed, to who accepts NDJSON', async () => {
    const { body } = await post('application/x-ndjson');
    expect(body).toBe(`${JSON.stringify(job('running'))}\n${JSON.stringify(job('succeeded'))}\n`);
  });

  it('is the problem where it could not be started', async () => {
    server.setErrorHandler((error, _request, reply) => reply.status(429).send(error));
    started = () =>
      Promise.reject(new DomainError('too_many_requests', '50 of your jobs have not ended yet'));
    for (const accept of ['application/json', 'text/event-stream'])
      expect((await post(accept)).statusCode).toBe(429);
  });
});

async function* states(...all: Job['state'][]): AsyncGenerator<Job> {
  for (const state of all) {
    await Promise.resolve();
    yield job(state);
  }
}
