import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How long a client may keep a connection whose other side is over. */
const LINGER_MS = 10_000;
/** After so long without a byte, the client is asked by TCP whether it is still there. */
const KEEP_ALIVE_MS = 60_000;

/**
 * Joins a client to an engine, byte by byte, until both are done. Each side may end its own and go on listening: a client that has
 * sent its input still gets all output. Either going away ends the other.
 *
 * @returns when it is over
 */
export async function tunnel(client: Duplex, engine: Duplex): Promise<void> {
  if (client instanceof Socket) client.setKeepAlive(true, KEEP_ALIVE_MS);
  await new Promise<void>((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const over = () => {
      clearTimeout(timer);
      engine.destroy();
      client.destroy();
      resolve();
    };
    // What the engine fails with is why it ends; there is no way to tell within the stream.
    engine.once('error', over);
    client.once('error', over);
    client.once('close', over);
    engine.once('end', () => {
      timer = setTimeout(over, LINGER_MS);
    });
    engine.once('close', () => {
      if (!engine.readableEnded) over();
    });
    engine.pipe(client);
    client.pipe(engine);
  });
}
