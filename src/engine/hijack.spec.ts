import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { EngineConnection } from './engine-connection.js';
import { ScriptedEngine, sendJson, until } from './scripted-engine.fixture.js';

const UPGRADED =
  'HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n';
const params = { id: 'c' };

let engine: ScriptedEngine;
let connection: EngineConnection;

afterEach(async () => {
  await connection.close();
  await engine.remove();
});

/** An engine that gives connections up, and what it does then. */
async function start(
  onUpgrade?: (request: IncomingMessage, socket: Socket, head: Buffer) => void,
): Promise<void> {
  engine = await ScriptedEngine.start();
  await engine.stop();
  engine.onUpgrade = onUpgrade;
  await engine.listen();
  connection = engine.connect();
}

/** Upgrades, and closes its side when the other side is closed. */
function upgrade(_: IncomingMessage, socket: Socket): void {
  socket.write(UPGRADED);
  socket.resume().on('end', () => socket.end());
}

describe('a hijacked connection', () => {
  it('is asked for with an upgrade and a JSON body', async () => {
    let body = '';
    await start((_, socket, head) => {
      body = head.toString();
      socket.end(UPGRADED);
    });

    const { headers, socket } = await connection.hijack('ExecStart', { params, body: { Tty: false } });

    expect(headers['content-type']).toBe('application/vnd.docker.multiplexed-stream');
    expect(engine.seen[0]).toMatchObject({
      method: 'POST',
      url: '/v1.47/exec/c/start',
      headers: {
        connection: 'Upgrade',
        upgrade: 'tcp',
        'content-type': 'application/json',
        'content-length': '13',
      },
    });
    expect(body).toBe('{"Tty":false}');
    socket.destroy();
  });

  it('can ask for another protocol', async () => {
    await start((_, socket) => socket.end(UPGRADED));

    const { socket } = await connection.hijack('Session', { upgradeTo: 'h2c' });

    expect(engine.seen[0]?.headers.upgrade).toBe('h2c');
    socket.destroy();
  });

  it('begins with what the engine sent together with its 101', async () => {
    await start((_, socket) => socket.end(`${UPGRADED}first bytes`));

    const { socket } = await connection.hijack('ContainerAttach', { params });

    expect(await text(socket)).toBe('first bytes');
    socket.destroy();
  });

  it('goes on giving output after our side is ended', async () => {
    await start((_, socket) => {
      socket.write(UPGRADED);
      let input = '';
      socket.on('data', (chunk: Buffer) => (input += chunk.toString()));
      socket.on('end', () => setImmediate(() => socket.end(`got ${input}`)));
    });
    const { socket } = await connection.hijack('ContainerAttach', { params });
    socket.end('all my input');

    expect(await text(socket)).toBe('got all my input');
  });

  it('goes on taking input after the engine ended its side', async () => {
    let input = '';
    await start((_, socket) => {
      socket.end(`${UPGRADED}output`);
      socket.on('data', (chunk: Buffer) => (input += chunk.toString()));
    });
    const { socket } = await connection.hijack('ContainerAttach', { params });
    expect(await text(socket)).toBe('output');
    expect(socket.writable).toBe(true);
    socket.end('late input');

    await until(() => input === 'late input');
  });

  it('is refused with the message of the engine, and its connection is not used again', async () => {
    await start();
    engine.answer = (_, response) => sendJson(response, 409, { message: 'container is paused' });

    await expect(connection.hijack('ContainerAttach', { params })).rejects.toMatchObject({
      kind: 'conflict',
      message: 'container is paused',
    });
    await until(() => engine.openConnections === 1); // the one of the ping
  });

  it('is an error when the engine answers 200 instead, and its connection is closed', async () => {
    await start();
    engine.answer = (_, response) => response.writeHead(200).write('a stream without an upgrade');

    await expect(connection.hijack('ContainerAttach', { params })).rejects.toMatchObject({
      kind: 'engine_error',
    });
    await until(() => engine.openConnections === 1);
  });

  it('ends when its caller leaves', async () => {
    await start(upgrade);
    const controller = new AbortController();
    const { socket } = await connection.hijack('ContainerAttach', { params, signal: controller.signal });
    const reading = text(socket);
    controller.abort();

    await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
    await until(() => engine.openConnections === 1);
  });

  it('ends when the caller leaves before the answer', async () => {
    await start((_, socket) => socket.resume().on('end', () => socket.end()));
    const controller = new AbortController();
    const call = connection.hijack('ContainerAttach', { params, signal: controller.signal });
    await until(() => engine.seen.length === 1);
    controller.abort();

    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
    await until(() => engine.openConnections === 1);
  });

  it('fails with a domain error when it is reset, and does not end the program', async () => {
    let upstream: Socket | undefined;
    await start((_, socket) => {
      upstream = socket;
      socket.write(UPGRADED);
    });
    const { socket } = await connection.hijack('ContainerAttach', { params });
    const failed = once(socket, 'error');
    upstream?.destroy();
    while (!socket.destroyed) {
      socket.write('into the void');
      await new Promise((resolve) => setImmediate(resolve));
    }

    expect((await failed)[0]).toMatchObject({ kind: 'engine_unavailable' });
  });

  it('ends with the connection to the engine', async () => {
    await start(upgrade);
    const { socket } = await connection.hijack('ContainerAttach', { params });
    const reading = text(socket);

    await connection.close();

    await expect(reading).rejects.toMatchObject({ kind: 'engine_unavailable' });
  });
});
