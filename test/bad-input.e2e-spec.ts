import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GraphqlAnswer, type TestActor, TestApp } from './support/app.js';
import { rawBytes, rawHttp, type RawRequest } from './support/raw-http.js';
import { RecordingEngine } from './support/recording-engine.js';
import { sharedEngine } from './support/shared-peers.js';

const CONTAINERS = '/api/v1/engines/local/containers';
const LARGEST_BODY = 1024 * 1024;
const json = (value: unknown) => JSON.stringify(value);

const { paths } = JSON.parse(readFileSync(join(import.meta.dirname, '../openapi/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, { requestBody?: object }>>;
};
/** Those that declare no body. A GET's is not read by any server. */
const WITHOUT_BODY = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations)
    .filter(([method, { requestBody }]) => !['get', 'head'].includes(method) && requestBody === undefined)
    .map(([method]) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, 'none') })),
);

describe('bad input', () => {
  let engine: RecordingEngine;
  let app: TestApp;
  let admin: TestActor;
  let before: number;

  beforeAll(async () => {
    engine = await RecordingEngine.start(sharedEngine().socketPath);
    app = await TestApp.start({ dockerHost: engine.dockerHost });
    admin = await app.admin();
    await app.rest(admin).get(`${CONTAINERS}/none`).expect(404);
    expect(engine.requests.length).toBeGreaterThan(0);
  });
  afterAll(async () => {
    await app.stop();
    await engine.stop();
  });
  beforeEach(() => {
    before = engine.requests.length;
  });
  // The claim that all of these tests share: the engine hears nothing of it.
  afterEach(() => {
    expect(engine.requests.slice(before)).toEqual([]);
  });

  const send = (request: RawRequest) =>
    rawHttp(app.url, { ...request, headers: { authorization: admin.authorization, ...request.headers } });
  const sendJson = (path: string, body: string, method = 'POST') =>
    send({ method, path, body, headers: { 'content-type': 'application/json' } });

  /** Asserts the problem document. @returns the fields at fault */
  const problemOf = (answer: Awaited<ReturnType<typeof send>>, status: number, code: string) => {
    expect({ status: answer.status, text: answer.text }).toMatchObject({ status });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.problem).toEqual({
      type: `urn:dockmaster:problem:${code}`,
      title: expect.any(String),
      status,
      detail: expect.stringMatching(/./),
      code,
      requestId: answer.headers['x-request-id'],
      errors: expect.any(Array),
    });
    return (answer.problem.errors ?? []).map(({ field }) => field);
  };

  describe('in a body', () => {
    const valid = { image: 'busybox' };

    it.each([
      ['an unknown field', { ...valid, nmae: 'x' }, ['nmae']],
      ['an unknown nested field', { ...valid, resources: { memroy: 1 } }, ['resources.memroy']],
      [
        'an unknown field in a list',
        { ...valid, ports: [{ containerPort: 1 }, { containerPort: 2, hostprot: 3 }] },
        ['ports.1.hostprot'],
      ],
      ['the name in other letters', { ...valid, Image: 'x' }, ['Image']],
      ['nothing', {}, ['image']],
      ['null for what is needed', { image: null }, ['image']],
      ['a number for text', { image: 7 }, ['image']],
      ['text for a number', { ...valid, shmSize: '64' }, ['shmSize']],
      ['text for a flag', { ...valid, tty: 'true' }, ['tty']],
      ['a number for a flag', { ...valid, tty: 1 }, ['tty']],
      ['text for a list', { ...valid, command: 'ls -l' }, ['command']],
      ['a list in a list', { ...valid, command: [['ls']] }, ['command']],
      ['an object for a list', { ...valid, env: { A: 'b' } }, ['env']],
      ['a list for an object', { ...valid, resources: [] }, ['resources']],
      ['text for an object', { ...valid, resources: 'none' }, ['resources']],
      ['a null in a list', { ...valid, ports: [null] }, ['ports']],
      ['a number for a label', { ...valid, labels: { a: 1 } }, ['labels']],
      ['a fraction', { ...valid, stopTimeoutSeconds: 1.5 }, ['stopTimeoutSeconds']],
      ['a number too low', { ...valid, oomScoreAdj: -1_001 }, ['oomScoreAdj']],
      ['a number too high', { ...valid, oomScoreAdj: 1_001 }, ['oomScoreAdj']],
      ['a number past 2^53', { ...valid, shmSize: 2 ** 60 }, ['shmSize']],
      ['a port too high', { ...valid, ports: [{ containerPort: 65_536 }] }, ['ports.0.containerPort']],
      ['port 0', { ...valid, ports: [{ containerPort: 0 }] }, ['ports.0.containerPort']],
      ['no such choice', { ...valid, restartPolicy: { name: 'sometimes' } }, ['restartPolicy.name']],
      ['NUL in text', { ...valid, hostname: 'a\u0000b' }, ['hostname']],
      ['NUL in an argument', { ...valid, command: ['a\u0000b'] }, ['command']],
      ['NUL in a label', { ...valid, labels: { 'a\u0000': 'b' } }, ['labels']],
      ['a line end in a path', { ...valid, workingDir: '/a\nb' }, ['workingDir']],
      ['a name of 10 kB', { ...valid, name: 'a'.repeat(10_240) }, ['name']],
      ['a name with a slash', { ...valid, name: 'a/b' }, ['name']],
      ['a name of dots', { ...valid, name: '..' }, ['name']],
      ['an image of spaces', { image: ' ' }, ['image']],
      ['too many values', { ...valid, groupAdd: Array.from({ length: 65 }, () => 'a') }, ['groupAdd']],
      ['a network twice', { ...valid, networks: [{ name: 'a' }, { name: 'a' }] }, ['networks.1.name']],
      ['a field named prototype', { ...valid, prototype: {} }, ['prototype']],
      ['a field named constructor', { ...valid, constructor: 'x' }, ['constructor']],
      [
        'a nested field named constructor',
        { ...valid, mounts: [{ type: 'tmpfs', target: '/a', constructor: 1 }] },
        ['mounts.0.constructor'],
      ],
      ['a constructor in an unknown field', { ...valid, nmae: { constructor: 'x' } }, ['nmae.constructor']],
      ['an object where text is', { image: { a: { constructor: 'x' } } }, ['image.a.constructor']],
      ['a list', [valid], ['0', 'image']],
    ])('%s is refused and named', async (_what, body, fields) => {
      for (const action of ['', '/run']) {
        const answer = await sendJson(`${CONTAINERS}${action}`, json(body));
        expect(problemOf(answer, 400, 'invalid_input')).toEqual(fields);
      }
    });

    it.each([
      ['text', '"busybox"'],
      ['null', 'null'],
      ['a number', '7'],
      ['nothing at all', ''],
      ['half of it', '{"image":"busy'],
      ['something after it', '{"image":"busybox"}{"image":"other"}'],
      ['a comment', '{"image":"busybox"/* x */}'],
      ['a __proto__ key', '{"image":"busybox","__proto__":{"privileged":true}}'],
      ['a nested __proto__ key', '{"image":"busybox","labels":{"__proto__":"x"}}'],
      ['an escaped __proto__ key', '{"image":"busybox","\\u005f_proto__":{"image":"other"}}'],
      ['a constructor with a prototype', '{"image":"busybox","constructor":{"prototype":{"a":1}}}'],
      ['100,000 brackets', '['.repeat(100_000)],
      ['100,000 lists in each other', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
      ['100,000 lists in each other for text', `{"image":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
      ['100,000 objects in each other', `{"labels":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    ])('%s is not the JSON object that was asked for', async (_what, body) => {
      problemOf(await sendJson(CONTAINERS, body), 400, 'invalid_input');
    });

    it('is at most 1 MiB', async () => {
      const tooLarge = json({ image: 'busybox', labels: { a: 'x'.repeat(LARGEST_BODY) } });
      problemOf(await sendJson(CONTAINERS, tooLarge), 413, 'payload_too_large');
    });

    it('is at most 1 MiB, also where its length is not told ahead', async () => {
      const chunk = 'x'.repeat(64 * 1024);
      const chunked = await rawBytes(
        app.url,
        [
          `POST ${CONTAINERS} HTTP/1.1`,
          `Host: ${new URL(app.url).host}`,
          `Authorization: ${admin.authorization}`,
          'Content-Type: application/json',
          'Transfer-Encoding: chunked',
          'Connection: close',
          '',
          ...Array.from({ length: 17 }, () => `${chunk.length.toString(16)}\r\n${chunk}`),
          '0',
          '',
          '',
        ].join('\r\n'),
      );
      expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
      expect(chunked).toContain('"code":"payload_too_large"');
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/xml',
      'multipart/form-data; boundary=x',
    ])('of the type %s is refused', async (type) => {
      const answer = await send({
        method: 'POST',
        path: CONTAINERS,
        body: 'image=busybox',
        headers: { 'content-type': type },
      });
      problemOf(answer, 415, 'unsupported_media_type');
    });

    it('of tar is refused where JSON is asked for, and JSON where tar is', async () => {
      const tar = await send({
        method: 'POST',
        path: CONTAINERS,
        body: Buffer.alloc(1_024),
        headers: { 'content-type': 'application/x-tar' },
      });
      problemOf(tar, 415, 'unsupported_media_type');
      const upload = await sendJson(`${CONTAINERS}/any/archive?path=/`, '{}', 'PUT');
      problemOf(upload, 415, 'unsupported_media_type');
    });

    it.each([
      ['POST', '/x/rename', {}, ['name']],
      ['POST', '/x/rename', { name: '../x' }, ['name']],
      ['PATCH', '/x', { resources: { memory: -1 } }, ['resources.memory']],
      ['PATCH', '/x', { image: 'busybox' }, ['image']],
      ['POST', '/x/resize', { width: 0, height: 1_001 }, ['width', 'height']],
      ['POST', '/x/commit', { changes: ['RUN rm -rf /'] }, ['changes']],
      ['POST', '/x/commit', { tag: 'a b' }, ['tag']],
      ['POST', '/prune', { until: 'yesterday' }, ['until']],
      ['POST', '/prune', { label: ['(('] }, ['label.0']],
      ['POST', '/x/execs', { command: [] }, ['command']],
      ['POST', '/x/execs', { command: ['ls'], user: 'a b' }, ['user']],
    ])('%s %s %j is refused', async (method, path, body, fields) => {
      const answer = await sendJson(`${CONTAINERS}${path}`, json(body), method);
      expect(problemOf(answer, 400, 'invalid_input')).toEqual(fields);
    });

    describe('where none is asked for', () => {
      it.each(WITHOUT_BODY)('is refused: $method $path', async ({ method, path }) => {
        const unknown = await sendJson(path, json({ timeoutSeconds: 3, force: true }), method);
        expect(problemOf(unknown, 400, 'invalid_input')).toEqual(['timeoutSeconds', 'force']);
        for (const body of ['[]', '7', '"text"', 'null']) {
          expect(problemOf(await sendJson(path, body, method), 400, 'invalid_input')).toEqual([]);
        }
        const tar = { 'content-type': 'application/x-tar' };
        const bytes = await send({ method, path, body: Buffer.alloc(1_024), headers: tar });
        expect(problemOf(bytes, 400, 'invalid_input')).toEqual([]);
      });

      it('may be an empty object, which says nothing', async () => {
        const answer = await sendJson('/api/v1/jobs/none/cancel', '{}');
        expect(problemOf(answer, 400, 'invalid_input')).toEqual(['id']);
      });
    });
  });

  describe('in a path', () => {
    it.each([
      ['an encoded slash', 'a%2fb'],
      ['an encoded slash in capitals', 'a%2Fb'],
      ['an encoded backslash', 'a%5Cb'],
      ['encoded dots', '%2e%2e'],
      ['encoded dots and a slash', '%2e%2e%2f%2e%2e%2finfo'],
      ['an encoded question mark', 'a%3Fall=1'],
      ['an encoded hash', 'a%23b'],
      ['an encoded space', 'a%20b'],
      ['a plus', 'a+b'],
      ['NUL', 'a%00b'],
      ['a line end', 'a%0d%0aHost:%20x'],
      ['a percent sign', 'a%25b'],
      ['a leading dash', '-a'],
      ['other letters', '%C3%A4'],
      ['a name of 10 kB', 'a'.repeat(10_240)],
      ['a colon', 'a:b'],
    ])('%s is no part of a container id', async (_what, id) => {
      for (const [method, action] of [
        ['GET', ''],
        ['DELETE', '?force=true'],
        ['POST', '/start'],
        ['GET', '/logs'],
        ['GET', '/export'],
      ] as const) {
        const answer = await send({ method, path: `${CONTAINERS}/${id}${action}` });
        expect(problemOf(answer, 400, 'invalid_input')).toEqual(['id']);
      }
    });

    it.each(['LOCAL', 'a_b', 'lo%2fcal', '%2e%2e', 'a'.repeat(64), '%00'])(
      '%s is no name of an engine',
      async (engineName) => {
        const answer = await send({ path: `/api/v1/engines/${engineName}/containers` });
        expect(problemOf(answer, 400, 'invalid_input')).toEqual(['engine']);
      },
    );

    it('an engine that does not exist is a 404', async () => {
      problemOf(await send({ path: '/api/v1/engines/other/containers' }), 404, 'not_found');
    });

    it.each(['abc', 'g'.repeat(64), 'a'.repeat(65), '%2e%2e'])('%s is no id of an exec', async (id) => {
      const answer = await send({ path: `/api/v1/engines/local/execs/${id}` });
      expect(problemOf(answer, 400, 'invalid_input')).toEqual(['id']);
    });

    it('an encoding that is none is refused', async () => {
      problemOf(await send({ path: `${CONTAINERS}/%zz` }), 400, 'invalid_input');
      problemOf(await send({ path: `${CONTAINERS}/%c0%ae` }), 400, 'invalid_input');
    });

    it.each([
      `${CONTAINERS}/`,
      `${CONTAINERS}//start`,
      `/api/v1//engines/local/containers`,
      `/api/v1/engines/local/../local/containers`,
      `/api/v1/engines/local/containers/../containers`,
      `/api/v1/engines/local/Containers`,
      `/API/v1/engines/local/containers`,
      `/api/v1/engines/local/containers;a=b`,
    ])('%s is another path, and there is nothing', async (path) => {
      problemOf(await send({ path }), 404, 'not_found');
    });

    it('another method than those of a path is refused, with those that it has', async () => {
      for (const method of ['PUT', 'PATCH', 'DELETE']) {
        const answer = await send({ method, path: CONTAINERS });
        problemOf(answer, 405, 'method_not_allowed');
        expect(answer.headers['allow']).toBe('GET, HEAD, POST');
      }
    });

    it.each(['/_ping', '/v1.41/containers/json', '/containers/json?all=1'])(
      '%s, of the Engine API, leads to where that is',
      async (path) => {
        problemOf(await send({ path }), 404, 'not_found');
        expect((await send({ path })).text).toContain('/docker/{engine}');
      },
    );

    it('a body of a type that is not taken is refused with what came and what is taken', async () => {
      const headers = { 'content-type': 'text/csv' };
      const answer = await send({ method: 'POST', path: CONTAINERS, headers, body: 'a,b' });
      problemOf(answer, 415, 'unsupported_media_type');
      expect(answer.text).toContain('text/csv is not taken: send application/json');
    });
  });

  describe('in a query', () => {
    it.each([
      ['limit=1&limit=2', ['limit']],
      ['limit=', ['limit']],
      ['limit=0x10', ['limit']],
      ['limit[a]=1', ['limit[a]']],
      ['after=a&after=b', ['after']],
      ['name=a&name=b', ['name']],
      ['name=%00', ['name']],
      [`name=${'a'.repeat(10_240)}`, ['name']],
      ['nmae=a', ['nmae']],
      ['all=true', ['all']],
      ['state=running&state=flying', ['state']],
      ['__proto__=a', ['__proto__']],
      ['constructor=a', ['constructor']],
      ['after=!!!', ['after']],
      ['label=((', ['label.0']],
    ])('%s is refused', async (query, fields) => {
      const answer = await send({ path: `${CONTAINERS}?${query}` });
      expect(problemOf(answer, 400, 'invalid_input')).toEqual(fields);
    });

    it.each([
      ['DELETE', '/x?force=yes', ['force']],
      ['DELETE', '/x?force=true&force=false', ['force']],
      ['POST', '/x/stop?timeoutSeconds=-2', ['timeoutSeconds']],
      ['POST', '/x/stop?timeoutSeconds=86401', ['timeoutSeconds']],
      ['POST', '/x/stop?t=1', ['t']],
      ['POST', '/x/kill?signal=SIGWHAT', ['signal']],
      ['POST', '/x/kill?signal=0', ['signal']],
      ['POST', '/x/wait?condition=bored', ['condition']],
      ['POST', '/x/wait?timeoutSeconds=0', ['timeoutSeconds']],
      ['GET', '/x/top?psArgs=-e%20-o%20environ', ['psArgs']],
      ['GET', '/x/logs?tail=-1', ['tail']],
      ['GET', '/x/logs?tail=1&tail=2', ['tail']],
      ['GET', '/x/logs?since=yesterday', ['since']],
      ['GET', '/x/logs?follow=maybe', ['follow']],
      ['GET', '/x/stats?stream=2', ['stream']],
      ['GET', '/x/archive', ['path']],
      ['GET', '/x/archive?path=relative', ['path']],
      ['GET', '/x/archive?path=/a&path=/b', ['path']],
      ['GET', '/x/archive?path=/a%00b', ['path']],
    ])('%s %s is refused', async (method, path, fields) => {
      const answer = await send({ method, path: `${CONTAINERS}${path}` });
      expect(problemOf(answer, 400, 'invalid_input')).toEqual(fields);
    });
  });

  describe('in the head of a request', () => {
    it.each([
      ['no token', {}],
      ['no scheme', { authorization: 'nonsense' }],
      ['an unknown token', { authorization: 'Bearer nonsense' }],
      ['a token of 15 kB', { authorization: `Bearer ${'a'.repeat(15_000)}` }],
      ['the none algorithm', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.' }],
    ])('%s is not signed in', async (_what, headers) => {
      problemOf(await rawHttp(app.url, { path: CONTAINERS, headers }), 401, 'unauthenticated');
    });

    it('a head that is too large is refused', async () => {
      const answer = await rawHttp(app.url, {
        path: CONTAINERS,
        headers: { authorization: `Bearer ${'a'.repeat(70_000)}` },
      });
      expect(answer.status).toBe(431);
      expect(answer.problem).toMatchObject({ status: 431, code: 'invalid_input' });
    });

    it('what is not HTTP is refused', async () => {
      const answer = await rawBytes(app.url, `GET ${CONTAINERS}/a b HTTP/1.1\r\nHost: x\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"invalid_input"');
    });
  });

  describe('by GraphQL', () => {
    const graphql = async (body: string, headers: Record<string, string> = {}) => {
      const answer = await send({
        method: 'POST',
        path: '/graphql',
        body,
        headers: { 'content-type': 'application/json', ...headers },
      });
      expect({ status: answer.status, text: answer.text.slice(0, 500) }).toMatchObject({
        status: expect.not.stringMatching(/^5/),
      });
      expect(answer.status).toBeLessThan(500);
      return { status: answer.status, ...(JSON.parse(answer.text) as GraphqlAnswer) };
    };
    const query = (text: string, variables?: object) => graphql(json({ query: text, variables }));
    const codes = ({ errors }: GraphqlAnswer) => [
      ...new Set((errors ?? []).map(({ extensions }) => extensions.code)),
    ];
    const fields = ({ errors }: GraphqlAnswer) =>
      (errors ?? []).flatMap(({ extensions }) => (extensions.errors ?? []).map(({ field }) => field));

    it.each([
      [
        'a depth of 50',
        `{ container(engine: "local", id: "x") ${'{ networks '.repeat(50)}{ name }${' }'.repeat(50)} }`,
      ],
      [
        'a depth of 50 in introspection',
        `{ __schema { types ${'{ fields { type '.repeat(25)}{ name }${' } }'.repeat(25)} } }`,
      ],
      [
        '1,000 aliases',
        `{ ${Array.from({ length: 1_000 }, (_, index) => `a${String(index)}: container(engine: "local", id: "x") { id }`).join(' ')} }`,
      ],
      [
        '31 aliases',
        `{ ${Array.from({ length: 31 }, (_, index) => `a${String(index)}: container(engine: "local", id: "x") { id }`).join(' ')} }`,
      ],
      ['10,000 tokens', `{ ${'container '.repeat(10_000)} }`],
      ['a list 1,900 lists deep', `{ __typename(a: ${'['.repeat(1_900)}) }`],
      ['an object 900 objects deep', `{ __typename(a: ${'{a:'.repeat(900)}) }`],
      [
        '100 directives',
        `{ container(engine: "local", id: "x") { id ${'@include(if: true) '.repeat(100)} } }`,
      ],
    ])('%s is too much', async (_what, text) => {
      const answer = await query(text);
      expect(answer.data ?? null).toBeNull();
      expect(codes(answer)).toContain('query_too_complex');
      expect(JSON.stringify(answer.errors)).not.toContain('call stack');
      expect(answer.status).toBe(400);
    });

    it('fragments that go in a circle are refused', async () => {
      const answer = await query(
        '{ container(engine: "local", id: "x") { ...a } } fragment a on ContainerDetails { ...b } fragment b on ContainerDetails { ...a }',
      );
      expect(answer.data ?? null).toBeNull();
      expect(answer.status).toBe(400);
      expect(['query_too_complex', 'invalid_input']).toContain(codes(answer).join());
    });

    it.each([
      ['a list of operations', json([{ query: '{ me { id } }' }, { query: '{ me { id } }' }])],
      ['no query', '{}'],
      ['a query that is no text', json({ query: 7 })],
      ['a name of 500 kB', json({ query: `{ ${'a'.repeat(500_000)} }` })],
      ['an empty query', json({ query: '' })],
      ['half a query', json({ query: '{ me {' })],
      ['an unknown field', json({ query: '{ me { nope } }' })],
      ['an unknown argument', json({ query: '{ container(engine: "local", id: "x", all: true) { id } }' })],
      ['a missing argument', json({ query: '{ container(engine: "local") { id } }' })],
      ['variables that are none', json({ query: '{ me { id } }', variables: 'x' })],
      [
        'a subscription by HTTP',
        json({ query: 'subscription { containerStats(engine: "local", id: "x") { pids } }' }),
      ],
      ['an operation that is not there', json({ query: 'query a { me { id } }', operationName: 'b' })],
    ])('%s is refused', async (_what, body) => {
      const answer = await graphql(body);
      expect(answer.data ?? null).toBeNull();
      expect(codes(answer)).toEqual(['invalid_input']);
      expect(answer.status).toBe(400);
    });

    it('a stored query is refused, by a status of its own that clients of such queries know', async () => {
      const sha256Hash = 'a'.repeat(64);
      const answer = await graphql(json({ extensions: { persistedQuery: { version: 1, sha256Hash } } }));
      expect(answer).toMatchObject({ status: 200, errors: [{ extensions: { code: 'invalid_input' } }] });
      expect(answer.data ?? null).toBeNull();
    });

    it.each([
      ['an unknown field of an input', { image: 'busybox', nmae: 'x' }],
      ['a number for text', { image: 7 }],
      ['a number that is no whole one', { image: 'busybox', oomScoreAdj: 1.5 }],
      ['nothing for what is needed', {}],
      ['a number as a label', { image: 'busybox', labels: { a: 1 } }],
    ])('%s does not fit the schema', async (_what, input) => {
      const answer = await query(
        'mutation ($input: CreateContainerInput!) { createContainer(engine: "local", input: $input) { id } }',
        { input },
      );
      expect(codes(answer)).toEqual(['invalid_input']);
    });

    it.each([
      ['a number too high', { image: 'busybox', oomScoreAdj: 1_001 }, ['input.oomScoreAdj']],
      ['a bad port', { image: 'busybox', ports: [{ containerPort: 0 }] }, ['input.ports.0.containerPort']],
      ['a bad name', { image: 'busybox', name: 'a/b' }, ['input.name']],
      ['a name of 10 kB', { image: 'busybox', name: 'a'.repeat(10_240) }, ['input.name']],
      ['NUL', { image: 'busybox', command: ['a\u0000'] }, ['input.command']],
    ])('%s is refused and named, as by REST', async (_what, input, expected) => {
      const answer = await query(
        'mutation ($input: CreateContainerInput!) { createContainer(engine: "local", input: $input) { id } }',
        { input },
      );
      expect(codes(answer)).toEqual(['invalid_input']);
      expect(fields(answer).map((field) => field.replace(/^input\./, ''))).toEqual(
        expected.map((field) => field.replace(/^input\./, '')),
      );
    });

    it.each([['a/b'], ['..'], ['%2e%2e'], ['a?all=1'], ['a b'], ['a\u0000'], ['a'.repeat(10_240)]])(
      '%j is no id of a container',
      async (id) => {
        for (const text of [
          'query ($id: String!) { container(engine: "local", id: $id) { id } }',
          'mutation ($id: String!) { startContainer(engine: "local", id: $id) { id } }',
          'mutation ($id: String!) { removeContainer(engine: "local", id: $id) }',
        ]) {
          const answer = await query(text, { id });
          expect(codes(answer)).toEqual(['invalid_input']);
          expect(fields(answer)).toEqual(['id']);
        }
      },
    );

    it.each([
      ['first: 0', ['first']],
      ['first: 501', ['first']],
      ['after: "nonsense"', ['after']],
      ['filter: { label: ["(("] }', ['label.0']],
      ['filter: { state: ["flying"] }', ['filter.state']],
    ])('containers(%s) is refused', async (argument, expected) => {
      const answer = await query(`{ containers(engine: "local", ${argument}) { totalCount } }`);
      expect(codes(answer)).toEqual(['invalid_input']);
      expect(fields(answer)).toEqual(expected);
    });

    it('mutations by GET are refused, and so is whatever a form of another site could send', async () => {
      const mutation = 'mutation { removeContainer(engine: "local", id: "x", input: { force: true }) }';
      const requests: RawRequest[] = [
        { path: `/graphql?query=${encodeURIComponent(mutation)}` },
        {
          path: `/graphql?query=${encodeURIComponent(mutation)}`,
          headers: { 'apollo-require-preflight': 'true' },
        },
        {
          method: 'POST',
          path: '/graphql',
          body: json({ query: mutation }),
          headers: { 'content-type': 'text/plain' },
        },
        {
          method: 'POST',
          path: '/graphql',
          body: `query=${encodeURIComponent(mutation)}`,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        },
      ];
      for (const request of requests) {
        const answer = await send(request);
        expect({ ...request, status: answer.status }).toEqual({
          ...request,
          status: request.method === 'POST' ? 415 : answer.status,
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toContain('"data":{');
      }
    });

    it('a body over the limit is refused', async () => {
      const answer = await sendJson(
        '/graphql',
        json({ query: `{ me { id } } # ${'x'.repeat(LARGEST_BODY)}` }),
      );
      expect(answer.status).toBe(413);
    });

    it('nobody is told anything', async () => {
      const answer = await graphql(json({ query: '{ me { id } }' }), { authorization: 'Bearer nonsense' });
      expect(answer.status).toBe(401);
      expect(answer.data ?? null).toBeNull();
      expect(codes(answer)).toEqual(['unauthenticated']);
    });
  });
});
