import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { PrivateEngine } from './private-engine.js';

/** Takes what comes in on a port in the network of an engine to a socket outside. */
const INSIDE = `
const { connect, createServer } = require('node:net');
const [port, socket] = process.argv.slice(1);
createServer((caller) => {
  const way = connect(socket);
  caller.on('error', () => way.destroy());
  way.on('error', () => caller.destroy());
  caller.pipe(way).pipe(caller);
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
`;

/** A way from within the network of a private engine, from which nothing outside is reached, to one port of this machine. */
export class WayOut {
  private constructor(
    private readonly server: Server,
    private readonly inside: ChildProcess,
    private readonly socketPath: string,
    private readonly ends: ReadonlySet<Socket>,
  ) {}

  /** @param port inside, on the loopback interface @param to the URL outside */
  static async start(engine: PrivateEngine, port: number, to: string): Promise<WayOut> {
    const socketPath = join(engine.directory, `way-out-${port}.sock`);
    const ends = new Set<Socket>();
    const server = createServer((caller) => {
      const way = connect(Number(new URL(to).port), '127.0.0.1');
      for (const end of [caller, way]) {
        ends.add(end);
        end.on('error', () => end.destroy()).on('close', () => ends.delete(end));
      }
      caller.pipe(way).pipe(caller);
    });
    server.listen(socketPath);
    await once(server, 'listening');
    const inside = engine.spawn(process.execPath, ['-e', INSIDE, String(port), socketPath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!inside.stdout) throw new Error('no way out');
    await once(inside.stdout, 'data');
    return new WayOut(server, inside, socketPath, ends);
  }

  async stop(): Promise<void> {
    const ended = once(this.inside, 'exit');
    this.inside.kill('SIGKILL');
    for (const end of this.ends) end.destroy();
    const closed = once(this.server, 'close');
    this.server.close();
    await Promise.all([ended, closed]);
    rmSync(this.socketPath, { force: true });
  }
}
