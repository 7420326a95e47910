import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { EngineConnection } from './engine-connection.js';
import type { EngineConnectionOptions } from './http-engine-connection.js';
import { ScriptedEngine, sendJson, until } from './scripted-engine.fixture.js';

let engine: ScriptedEngine;
let connection: EngineConnection;

beforeEach(async () => {
  engine = await ScriptedEngine.start();
  connection = engine.connect();
});

afterEach(async () => {
  await connection.close();
  await engine.remove();
});

/** Connects anew, with other options. */
async function reconnect(options: EngineConnectionOptions): Promise<void> {
  await connection.close();
  connection = engine.connect(options);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('a plain call', () => {
  it('gives status, headers and parsed body', async () => {
    engine.answer = (_, response) => sendJson(response.setHeader('X-Total', '2'), 201, { Id: 'abc' });

    const answer = await connection.json('ContainerCreate', { body: { Image: 'i' } });

    expect(answer).toMatchObject({ status: 201, headers: { 'x-total': '2' }, body: { Id: 'abc' } });
  });

  it('goes to the versioned path, with its parameters and query percent-encoded', async () => {
    engine.answer = (_, response) => sendJson(response, 200, []);

    await connection.json('ContainerList', {
      query: { all: true, limit: 5, names: ['a b', 'c&d'], filters: { label: ['x=ü'] }, size: undefined },
    });
    await connection.json('ContainerInspect', { params: { id: 'web-1' } });

    const [list, inspect] = engine.seen;
    expect(list?.url).toBe(
      '/v1.47/containers/json?all=true&limit=5&names=a%20b&names=c%26d&filters=%7B%22label%22%3A%5B%22x%3D%C3%BC%22%5D%7D',
    );
    expect(inspect?.url).toBe('/v1.47/containers/web-1/json');
  });

  it('sends JSON with its length, whatever the method, and nothing where there is no body', async () => {
    const bodies: string[] = [];
    engine.answer = (request, response) => {
      void bodyOf(request).then((body) => {
        bodies.push(body);
        sendJson(response, 200, {});
      });
    };

    await connection.json('ContainerCreate', { body: { Cmd: ['ü'] }, query: { name: 'x' } });
    await connection.json('VolumeUpdate', { params: { name: 'v' }, body: {}, query: { version: 3 } });
    await connection.json('ContainerStart', { params: { id: 'c' }, query: { detachKeys: 'ctrl-a' } });
    await connection.json('ContainerDelete', { params: { id: 'c' }, query: { force: true } });

    expect(bodies).toEqual(['{"Cmd":["ü"]}', '{}', '', '']);
    expect(engine.seen.map(({ headers }) => [headers['content-type'], headers['content-length']])).toEqual([
      ['application/json', '14'],
      ['application/json', '2'],
      [undefined, '0'],
      [undefined, undefined],
    ]);
    expect(engine.seen.map(({ url }) => url.split('?')[1])).toEqual([
      'name=x',
      'version=3',
      'detachKeys=ctrl-a',
      'force=true',
    ]);
  });

  it("names itself to the engine and drops headers of the caller's own connection", async () => {
    engine.answer = (_, response) => sendJson(response, 200, {});

    await connection.json('SystemInfo', {
      headers: {
        'X-Registry-Auth': 'e30=',
        Host: 'evil',
        Authorization: 'Bearer secret',
        Cookie: 'a=b',
        Connection: 'Upgrade',
        Upgrade: 'tcp',
        'Transfer-Encoding': 'chunked',
        'Content-Length': '7',
      },
    });

    const headers = engine.seen[0]?.headers;
    expect(headers).toMatchObject({ host: 'docker', 'x-registry-auth': 'e30=' });
    expect(Object.keys(headers ?? {}).sort()).toEqual(['connection', 'host', 'x-registry-auth']);
    expect(headers?.connection).toBe('keep-alive');
  });

  it('refuses a header or query value that cannot be sent, and calls nobody', async () => {
    const badHeader = connection.json('SystemInfo', { headers: { 'X-Registry-Auth': 'a\r\nb: c' } });
    const badQuery = connection.json('SystemInfo', { query: { name: '\ud800' } });

    await expect(badHeader).rejects.toMatchObject({ kind: 'invalid_input' });
    await expect(badQuery).rejects.toMatchObject({ kind: 'invalid_input' });
    expect(engine.connections).toBe(0);
  });

  it('uses one connection for twenty calls in sequence', async () => {
    engine.answer = (_, response) => sendJson(response, 200, []);

    for (let call = 0; call < 20; call++) await connection.json('ContainerList');

    expect(engine.seen).toHaveLength(20);
    expect(engine.connections).toBe(1);
  });

  it.each([
    ['nothing', 204, undefined, '', undefined],
    ['text', 200, 'text/plain; charset=utf-8', 'OK', 'OK'],
    ['JSON without a type', 200, undefined, '{"a":1}', { a: 1 }],
  ])('takes an answer of %s', async (_, status, type, text, body) => {
    engine.answer = (_request, response) => {
      if (type !== undefined) response.setHeader('Content-Type', type);
      response.writeHead(status).end(text);
    };

    expect(await connection.json('SystemInfo')).toMatchObject({ status, body });
  });

  it('takes 304 as an answer: there was nothing to do', async () => {
    engine.answer = (_, response) => response.writeHead(304).end();

    expect(await connection.json('ContainerStart', { params: { id: 'c' } })).toMatchObject({ status: 304 });
  });

  it('sends an upload as it comes', async () => {
    let received = '';
    engine.answer = (request, response) => {
      void bodyOf(request).then((body) => {
        received = body;
        response.writeHead(200).end();
      });
    };

    await connection.json('PutContainerArchive', {
      params: { id: 'c' },
      query: { path: '/tmp' },
      upload: Readable.from([Buffer.from('tar '), Buffer.from('bytes')]),
    });

    expect(received).toBe('tar bytes');
    expect(engine.seen[0]?.headers).toMatchObject({
      'content-type': 'application/x-tar',
      'transfer-encoding': 'chunked',
    });
  });

  it('fails when its upload breaks off, and the engine sees it break off', async () => {
    const aborted: boolean[] = [];
    engine.answer = (request) => {
      request.resume().on('error', () => aborted.push(true));
    };
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from('a');
      await until(() => engine.seen.length === 1);
      throw new Error('client left');
    }

    const call = connection.json('PutContainerArchive', {
      params: { id: 'c' },
      upload: Readable.from(broken()),
    });

    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
    await until(() => aborted.length === 1);
  });

  it('gives the refusal of an upload that the engine does not read, and leaves the upload to its owner', async () => {
    engine.answer = (_, response) => sendJson(response, 404, { message: 'No such container: c' });
    const upload = new Readable({
      read() {
        setImmediate(() => this.push(Buffer.alloc(65536)));
      },
    });

    const call = connection.json('PutContainerArchive', { params: { id: 'c' }, upload });

    await expect(call).rejects.toMatchObject({ kind: 'not_found', message: 'No such container: c' });
    expect(upload.destroyed).toBe(false);
    await until(() => engine.openConnections <= 1);
    upload.destroy();
  });
});

describe("an engine's error", () => {
  it.each([
    [400, 'invalid parameter', 'invalid_input'],
    [401, 'unauthorized', 'engine_error'],
    [403, 'forbidden', 'engine_error'],
    [404, 'No such container: x', 'not_found'],
    [409, 'Conflict. The name is in use', 'conflict'],
    [500, 'driver failed', 'engine_error'],
    [501, 'not implemented', 'not_supported'],
    [503, 'This node is already part of a swarm.', 'conflict'],
    [500, 'rpc error: code = Unknown desc = update out of sequence', 'conflict'],
    [400, 'rpc error: code = FailedPrecondition desc = node x is not down', 'conflict'],
    [400, 'rpc error: code = InvalidArgument desc = secret data must be larger', 'invalid_input'],
    [400, "rpc error: … desc = secret 'a' is in use by the following service: b", 'conflict'],
    [401, 'swarm could not be unlocked: invalid key provided', 'invalid_input'],
    [500, 'invalid join token', 'invalid_input'],
    [500, 'remote CA does not match fingerprint. Expected: x', 'invalid_input'],
    [404, 'No such container: not a swarm manager', 'not_found'],
    [503, 'shutting down', 'engine_error'],
  ])('%i keeps its message: %s', async (status, message, kind) => {
    engine.answer = (_, response) => sendJson(response, status, { message });
    const expected = { kind, message, status };

    await expect(connection.json('SystemInfo')).rejects.toMatchObject(expected);
    await expect(connection.stream('SystemEvents')).rejects.toMatchObject(expected);
    await expect(connection.hijack('ContainerAttach', { params: { id: 'x' } })).rejects.toMatchObject(
      expected,
    );
  });

  it.each([
    [503, 'This node is not part of a swarm', 'swarm_inactive', /a swarm\. Initialise/],
    [503, 'This node is not a swarm manager. Use "docker swarm init" …', 'swarm_inactive', /Initialise/],
    [503, "This node is not a swarm manager. Worker nodes can't be used …", 'swarm_worker', /promote this/],
    [503, 'Swarm is encrypted and needs to be unlocked before …', 'swarm_locked', /unlock key/],
    [500, 'rpc error: code = Unknown desc = The swarm does not have a leader.', 'swarm_no_quorum', /Bring/],
    [500, 'rpc error: code = Unknown desc = raft: node lost leader status', 'swarm_no_quorum', /Bring/],
    [500, 'rpc error: code = DeadlineExceeded desc = deadline', 'swarm_no_quorum', /forceNewCluster/],
  ])('%i of its place in a swarm says what to do: %s', async (status, message, kind, advice) => {
    engine.answer = (_, response) => sendJson(response, status, { message });

    const refused = connection.json('NodeList');
    await expect(refused).rejects.toMatchObject({ kind, message: expect.stringContaining(message) });
    await expect(refused).rejects.toThrow(advice);
  });

  it.each([
    ['text', 'plain text\n', 'plain text'],
    ['nothing', '', 'Engine "local" answered 500 Internal Server Error'],
    ['JSON of another form', '{"error":1}', '{"error":1}'],
  ])('is shown when it is %s', async (_, body, message) => {
    engine.answer = (_request, response) => response.writeHead(500).end(body);

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({ kind: 'engine_error', message });
  });

  it.each(['/v1.47/images/json', 'http://127.0.0.1:1/', 'nonsense://x', '//host'])(
    'is a redirect, which is not followed: %s',
    async (location) => {
      engine.answer = (_, response) => response.writeHead(301, { Location: location }).end();

      await expect(connection.json('SystemInfo')).rejects.toMatchObject({ kind: 'engine_error' });
      await expect(connection.stream('SystemEvents')).rejects.toMatchObject({ kind: 'engine_error' });
      expect(engine.seen.map(({ url }) => url)).toEqual(['/v1.47/info', '/v1.47/events']);
    },
  );

  it('is an answer that is not JSON where it says it is', async () => {
    engine.answer = (_, response) =>
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"a":');

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({ kind: 'engine_error' });
  });

  it('is an answer larger than the limit', async () => {
    await reconnect({ maxAnswerBytes: 1000 });
    engine.answer = (_, response) => sendJson(response, 200, 'x'.repeat(1001));

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_error',
      message: /1000 bytes/,
    });
  });
});

describe('an engine that is away', () => {
  it('is named by its name, not its path', async () => {
    await engine.stop();
    const call = connection.json('SystemInfo');

    await expect(call).rejects.toMatchObject({ kind: 'engine_unavailable', retryAfter: 5 });
    await expect(call).rejects.toThrow('Engine "local" is not running: there is no socket at its address.');
  });

  it('is away when nobody listens at its socket', async () => {
    await engine.stop();
    writeFileSync(engine.socketPath, '');

    await expect(connection.json('SystemInfo')).rejects.toThrow('Engine "local" is not running.');
  });

  it('fails a change whose connection it closes without an answer, which is not sent twice', async () => {
    engine.answer = (request) => request.socket.destroy();

    await expect(connection.json('ContainerStart', { params: { id: 'c' } })).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: 'Engine "local" closed the connection before it answered.',
    });
    expect(engine.seen).toHaveLength(1);
  });

  it('answers a read that met a connection just as it was closed', async () => {
    engine.answer = (request, response) => {
      if (engine.seen.length === 1) request.socket.destroy();
      else sendJson(response, 200, { ok: true });
    };

    expect(await connection.json('SystemInfo')).toMatchObject({ body: { ok: true } });
  });

  it('fails an answer that breaks off', async () => {
    engine.answer = (_, response) => {
      response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .write('{"Id":', () => response.destroy());
    };

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_unavailable',
      message: 'Engine "local" ended the stream before it was complete.',
    });
  });

  it('fails an answer shorter than it says', async () => {
    engine.answer = (_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{}', () => response.destroy());
    };

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({ kind: 'engine_unavailable' });
  });

  it('is no engine when what answers does not speak HTTP', async () => {
    await engine.stop();
    rmSync(engine.socketPath, { force: true });
    const server = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n')).listen(
      engine.socketPath,
    );
    await once(server, 'listening');

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({
      kind: 'engine_error',
      message: 'What answers as engine "local" does not speak HTTP.',
    });
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a call that takes too long', () => {
  const silent = () => undefined;
  const halfway = (_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"Id":');
  };

  it.each([
    ['before the headers', silent],
    ['in the middle of the answer', halfway],
  ])('ends with engine_timeout %s, and its connection is closed', async (_, answer) => {
    engine.answer = answer;
    const call = connection.json('SystemInfo', { timeoutMs: 20 });

    await expect(call).rejects.toMatchObject({ kind: 'engine_timeout', retryAfter: 5 });
    await until(() => engine.openConnections === 0);
  });

  it('goes on as long as the answer goes on', async () => {
    engine.answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).write('[');
      let written = 0;
      const timer = setInterval(() => {
        if (++written < 8) response.write('1,');
        else {
          clearInterval(timer);
          response.end('1]');
        }
      }, 50);
    };

    expect(await connection.json('SystemInfo', { timeoutMs: 200 })).toMatchObject({
      body: [1, 1, 1, 1, 1, 1, 1, 1],
    });
  });

  it('ends before the headers of a stream, or before an upgrade', async () => {
    engine.answer = silent;

    await expect(connection.stream('SystemEvents', { timeoutMs: 20 })).rejects.toMatchObject({
      kind: 'engine_timeout',
    });
    await expect(
      connection.hijack('ContainerAttach', { params: { id: 'c' }, timeoutMs: 20 }),
    ).rejects.toMatchObject({ kind: 'engine_timeout' });
    await until(() => engine.openConnections <= 1);
  });
});

describe('a call whose caller leaves', () => {
  it('calls nobody when the caller left before', async () => {
    const signal = AbortSignal.abort();

    await expect(connection.json('SystemInfo', { signal })).rejects.toMatchObject({ kind: 'cancelled' });
    await expect(connection.stream('SystemEvents', { signal })).rejects.toMatchObject({ kind: 'cancelled' });
    expect(engine.seen).toHaveLength(0);
  });

  it('ends while the version is negotiated, without ending that for others', async () => {
    const controller = new AbortController();
    engine.answer = (_, response) => sendJson(response, 200, {});
    const left = connection.json('SystemInfo', { signal: controller.signal });
    const stayed = connection.json('SystemInfo');
    controller.abort();

    await expect(left).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await stayed).toMatchObject({ status: 200 });
  });

  it.each([
    ['before the headers', () => undefined],
    [
      'in the middle of the answer',
      (_: IncomingMessage, response: ServerResponse) => void response.writeHead(200).write('{"a":'),
    ],
  ])('ends %s, and the connection is closed', async (_, answer) => {
    engine.answer = answer;
    const controller = new AbortController();
    const call = connection.json('SystemInfo', { signal: controller.signal });
    await until(() => engine.seen.length === 1);
    controller.abort();

    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
    await until(() => engine.openConnections === 0);
  });
});

describe('a connection that is closed', () => {
  it('ends what goes on, and refuses what comes', async () => {
    engine.answer = (request, response) => {
      if (request.url === '/v1.47/events') response.writeHead(200).write('{}');
    };
    const waiting = connection.json('SystemInfo');
    const { body } = await connection.stream('SystemEvents');
    const streaming = text(body);
    await until(() => engine.seen.length === 2);

    await connection.close();

    const closed = { kind: 'engine_unavailable', message: 'Engine "local" is no longer connected.' };
    await expect(waiting).rejects.toMatchObject(closed);
    await expect(streaming).rejects.toMatchObject(closed);
    await expect(connection.json('SystemInfo')).rejects.toMatchObject(closed);
    await expect(connection.ping()).rejects.toMatchObject(closed);
    await until(() => engine.openConnections === 0);
  });
});
