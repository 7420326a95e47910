import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { tunnel } from './tunnel.js';

async function pair(): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const left = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const [right] = (await once(server, 'connection')) as [Socket];
  server.close();
  return [left, right];
}

async function text(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('a tunnel', () => {
  it('lets either side end its own and go on listening', async () => {
    const [client, clientSide] = await pair();
    const [engineSide, engine] = await pair();
    const over = tunnel(clientSide, engineSide);
    client.end('input');
    expect(await text(engine)).toBe('input');
    engine.end('output');
    expect(await text(client)).toBe('output');
    client.destroy();
    await over;
  });

  it.each(['client', 'engine'] as const)('is over when the %s goes away', async (who) => {
    const [client, clientSide] = await pair();
    const [engineSide, engine] = await pair();
    const over = tunnel(clientSide, engineSide);
    const [leaving, left] = who === 'client' ? [client, engine] : [engine, client];
    left.on('error', () => undefined);
    leaving.resetAndDestroy();
    await over;
    if (!left.destroyed && !left.readableEnded) await text(left).catch(() => undefined);
    expect(clientSide.destroyed && engineSide.destroyed).toBe(true);
  });
});
