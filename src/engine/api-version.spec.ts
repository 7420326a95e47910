import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_API_VERSION, MIN_API_VERSION } from './api-version.js';
import type { EngineConnection } from './engine-connection.js';
import { ScriptedEngine, sendJson, until } from './scripted-engine.fixture.js';

let engine: ScriptedEngine;
let connection: EngineConnection;

beforeEach(async () => {
  engine = await ScriptedEngine.start();
  engine.answer = (_, response) => sendJson(response, 200, {});
  connection = engine.connect();
});

afterEach(async () => {
  await connection.close();
  await engine.remove();
});

describe('the API version', () => {
  it.each([
    ['1.41', MIN_API_VERSION],
    ['1.47', '1.47'],
    ['1.55', MAX_API_VERSION],
    ['1.99', MAX_API_VERSION],
    ['1.100', MAX_API_VERSION],
  ])('of an engine that speaks %s is %s', async (offered, spoken) => {
    engine.apiVersion = offered;

    await connection.json('SystemInfo');

    expect(engine.seen[0]?.url).toBe(`/v${spoken}/info`);
  });

  it('is asked for once, also by callers at the same time', async () => {
    await Promise.all(Array.from({ length: 10 }, () => connection.json('SystemInfo')));
    await connection.json('SystemInfo');

    expect(engine.pings).toBe(1);
  });

  it('of an engine that is too old is refused, and both versions are named', async () => {
    engine.apiVersion = '1.40';

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({
      kind: 'not_supported',
      message: 'Engine "local" speaks API version 1.40; the oldest that is supported is 1.41.',
    });
  });

  it.each(['', '2.0', '1.x', '1.41.0'])('that is none is refused: %j', async (offered) => {
    engine.apiVersion = offered;

    await expect(connection.json('SystemInfo')).rejects.toMatchObject({ kind: 'engine_error' });
  });

  it('that an operation needs is named when the engine has an older one', async () => {
    engine.apiVersion = '1.41';

    await expect(connection.json('VolumeUpdate', { params: { name: 'v' } })).rejects.toMatchObject({
      kind: 'not_supported',
      message: 'VolumeUpdate needs API version 1.42; engine "local" speaks 1.41.',
    });
    expect(engine.seen).toHaveLength(0);
  });

  it('is negotiated anew when the engine came back, though no call noticed that it was away', async () => {
    await connection.json('SystemInfo');
    await engine.stop();
    engine.apiVersion = '1.45';
    await engine.listen();

    await connection.json('SystemInfo');

    expect(engine.seen.map(({ url }) => url)).toEqual(['/v1.47/info', '/v1.45/info']);
  });

  it('is negotiated anew after calls that found the engine away', async () => {
    await connection.json('SystemInfo');
    await engine.stop();
    await expect(connection.json('SystemInfo')).rejects.toMatchObject({ kind: 'engine_unavailable' });
    engine.apiVersion = '1.45';
    await engine.listen();

    await connection.json('SystemInfo');

    expect(engine.seen.at(-1)?.url).toBe('/v1.45/info');
  });

  it('is negotiated anew when asking failed', async () => {
    await engine.stop();
    await expect(connection.json('SystemInfo')).rejects.toMatchObject({ kind: 'engine_unavailable' });
    await engine.listen();

    expect(await connection.json('SystemInfo')).toMatchObject({ status: 200 });
  });
});

describe('a ping', () => {
  it('says what the engine says of itself, also one that is too old', async () => {
    engine.apiVersion = '1.30';

    expect(await connection.ping()).toMatchObject({
      apiVersion: '1.30',
      osType: 'linux',
      builderVersion: undefined,
      swarm: undefined,
      experimental: false,
    });
  });

  it('fails when the engine is away, and ends when its caller leaves', async () => {
    const controller = new AbortController();
    const left = connection.ping(controller.signal);
    controller.abort();
    await expect(left).rejects.toMatchObject({ kind: 'cancelled' });

    await engine.stop();
    await expect(connection.ping()).rejects.toMatchObject({ kind: 'engine_unavailable' });
    await until(() => engine.openConnections === 0);
  });
});
