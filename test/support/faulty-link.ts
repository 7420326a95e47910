import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A line to a real engine that fails as lines do: it is cut, is down for a while, or stands still and then goes on where it
 * was. What an answer is, it does not know; for faults amid one there is `EngineProxy`.
 */
export class FaultyLink {
  private readonly ends = new Set<Socket>();
  private state: 'up' | 'still' | 'down' = 'up';

  private constructor(
    private readonly server: Server,
    private readonly directory: string,
  ) {}

  static async start(engineSocket: string): Promise<FaultyLink> {
    const directory = await mkdtemp(join(tmpdir(), 'dockmaster-link-'));
    const server = createServer({ allowHalfOpen: true });
    const link = new FaultyLink(server, directory);
    server.on('connection', (client) => link.join(client, engineSocket));
    server.listen(link.socketPath);
    await once(server, 'listening');
    return link;
  }

  get socketPath(): string {
    return join(this.directory, 'docker.sock');
  }

  /** Ends every connection; new ones come through. */
  cut(): void {
    for (const end of this.ends) end.destroy();
  }

  /** Ends every connection, new ones at once, until `heal`. */
  down(): void {
    this.state = 'down';
    this.cut();
  }

  /** Nothing passes until `heal`; nothing is lost. */
  still(): void {
    this.state = 'still';
    for (const end of this.ends) end.pause();
  }

  heal(): void {
    this.state = 'up';
    for (const end of this.ends) end.resume();
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
    await rm(this.directory, { recursive: true, force: true });
  }

  private join(client: Socket, engineSocket: string): void {
    if (this.state === 'down') {
      client.destroy();
      return;
    }
    const engine = connect({ path: engineSocket, allowHalfOpen: true });
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.ends.add(from);
      from.on('data', (chunk) => to.write(chunk));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy()); // what one side does to its end, the other side sees
      from.on('close', () => {
        to.destroy();
        this.ends.delete(from);
      });
      if (this.state === 'still') from.pause();
    }
  }
}
