import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify, type FastifyInstance } from 'fastify';
import { entityTag, PreparedJson, registerConditionalRequests, sendPrepared } from './prepared-json.js';

const TEXT = '{ "written":   "before" }';
const TAG = entityTag('one');

describe('an answer to a GET', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = fastify();
    registerConditionalRequests(app);
    app.get('/prepared', (_request, reply) => {
      void sendPrepared(reply, Promise.resolve({ asJson: () => new PreparedJson(Buffer.from(TEXT), TAG) }));
    });
    app.get('/object', () => ({ any: 'object' }));
    app.get('/text', () => 'text');
    app.get('/created', (_request, reply) => reply.code(201).send({ any: 'object' }));
    app.get('/missing', (_request, reply) => reply.code(404).send({ any: 'object' }));
    app.post('/object', () => ({ any: 'object' }));
    await app.ready();
  });
  afterAll(() => app.close());

  const get = (url: string, known?: string) =>
    app.inject({ url, headers: known === undefined ? {} : { 'if-none-match': known } });

  it('that was written before is sent as it is, with its tag', async () => {
    const answer = await get('/prepared');
    expect(answer.body).toBe(TEXT);
    expect(answer.headers).toMatchObject({
      etag: TAG,
      'content-type': expect.stringContaining('application/json'),
      'cache-control': 'private, no-cache',
      vary: 'authorization',
    });
  });

  it('gets a tag of its own text otherwise', async () => {
    expect((await get('/object')).headers.etag).toBe(entityTag('{"any":"object"}'));
  });

  it.each([
    ['the tag', TAG],
    ['the tag as a strong one', TAG.replace('W/', '')],
    ['a list with the tag in it', `"other", ${TAG} , W/"third"`],
    ['a list without spaces', `"other",${TAG}`],
    ['anything', '*'],
  ])('is 304 without a body to who has %s', async (_what, known) => {
    const answer = await get('/prepared', known);
    expect([answer.statusCode, answer.body]).toEqual([304, '']);
    expect(answer.headers).toMatchObject({ etag: TAG, 'cache-control': 'private, no-cache' });
    expect(answer.headers['content-type']).toBeUndefined();
  });

  it.each([
    ['another tag', entityTag('two')],
    ['a part of the tag', TAG.slice(0, -2)],
    ['the tag without quotation marks', TAG.replaceAll('"', '')],
    ['nothing', ''],
  ])('is whole to who has %s', async (_what, known) => {
    const answer = await get('/prepared', known);
    expect([answer.statusCode, answer.body]).toEqual([200, TEXT]);
  });

  it('that is no JSON, or no success, has no tag and is never 304', async () => {
    for (const [url, status] of [
      ['/text', 200],
      ['/created', 201],
      ['/missing', 404],
    ] as const) {
      const answer = await get(url, '*');
      expect([answer.statusCode, answer.headers.etag]).toEqual([status, undefined]);
    }
  });

  it('has nothing in common with one to a POST', async () => {
    const answer = await app.inject({ method: 'POST', url: '/object', headers: { 'if-none-match': '*' } });
    expect([answer.statusCode, answer.headers.etag]).toEqual([200, undefined]);
  });
});
