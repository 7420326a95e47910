import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { EngineConnection } from './engine-connection.js';
import { ScriptedEngine, sendJson, until } from './scripted-engine.fixture.js';

let engine: ScriptedEngine;
let connection: EngineConnection;
let responses: ServerResponse[];

beforeEach(async () => {
  responses = [];
  engine = await ScriptedEngine.start();
  engine.answer = (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    responses.push(response);
  };
  connection = engine.connect();
});

afterEach(async () => {
  await connection.close();
  await engine.remove();
});

describe('a stream', () => {
  it('is there with its headers, before the first byte of its body', async () => {
    const { status, headers, body } = await connection.stream('SystemEvents');

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    responses[0]?.write('{"n":1}');
    responses[0]?.end('{"n":2}');
    expect(await text(body)).toBe('{"n":1}{"n":2}');
  });

  it('has no time limit once its headers are there', async () => {
    const { body } = await connection.stream('SystemEvents', { timeoutMs: 1_000 });
    setTimeout(() => responses[0]?.end('late'), 1_500);

    expect(await text(body)).toBe('late');
  });

  it('fails when the engine is killed in the middle, however it is read', async () => {
    const cut = {
      kind: 'engine_unavailable',
      message: 'Engine "local" ended the stream before it was complete.',
    };
    const iterated = text((await connection.stream('SystemEvents')).body);
    const flowing = await connection.stream('SystemEvents');
    const failed = new Promise((resolve) => flowing.body.on('error', resolve).resume());
    for (const response of responses) response.write('{"half":');

    await engine.stop();

    await expect(iterated).rejects.toMatchObject(cut);
    expect(await failed).toMatchObject(cut);
    expect(flowing.body.readableEnded).toBe(false);
  });

  it('fails when its last chunk is missing', async () => {
    const { body } = await connection.stream('SystemEvents');
    responses[0]?.write('all of it, but for the end');
    responses[0]?.socket?.end();

    await expect(text(body)).rejects.toMatchObject({ kind: 'engine_unavailable' });
  });

  it('that nobody reads does not end the program when it fails', async () => {
    const { body } = await connection.stream('SystemEvents');
    await engine.stop();

    await until(() => body.destroyed);
  });

  it('closes its connection when it is destroyed', async () => {
    const { body } = await connection.stream('SystemEvents');
    body.destroy();

    await until(() => engine.openConnections === 1); // the one of the ping stays for later calls
  });

  it('ends when its caller leaves', async () => {
    const controller = new AbortController();
    const { body } = await connection.stream('SystemEvents', { signal: controller.signal });
    const reading = text(body);
    controller.abort();

    await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
    await until(() => engine.openConnections === 1);
  });

  it('is not touched by a signal after its end', async () => {
    const controller = new AbortController();
    const { body } = await connection.stream('SystemEvents', { signal: controller.signal });
    responses[0]?.end('done');
    expect(await text(body)).toBe('done');
    controller.abort();

    expect(body.errored).toBeNull();
  });

  it('gives its connection back when it came to its end', async () => {
    for (let stream = 0; stream < 5; stream++) {
      const { body } = await connection.stream('SystemEvents');
      responses[stream]?.end('done');
      await text(body);
    }

    expect(engine.connections).toBe(2); // one for plain calls, one for streams
  });

  it('does not read ahead of its reader without bound', async () => {
    const { body } = await connection.stream('SystemEvents');
    const response = responses[0];
    let written = 0;
    while (response?.write(Buffer.alloc(65536)) === true) written += 65536;
    await until(() => body.readableLength > 0);

    expect(body.readableLength).toBeLessThanOrEqual(1024 * 1024);
    expect(written).toBeLessThan(64 * 1024 * 1024);
    body.destroy();
  });

  it('leaves plain calls their connections, however many streams there are', async () => {
    const streams = await Promise.all(Array.from({ length: 300 }, () => connection.stream('SystemEvents')));
    engine.answer = (_, response) => sendJson(response, 200, { ok: true });

    expect(await connection.json('SystemInfo')).toMatchObject({ body: { ok: true } });
    for (const { body } of streams) body.destroy();
  });
});
