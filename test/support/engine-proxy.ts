import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REQUEST_LINE = /^([A-Z]+) (\S+) HTTP\/1\.1\r\n/;

interface Link {
  readonly client: Socket;
  readonly engine: Socket;
  /** The path that was asked for last. */
  path: string;
  /** How many bytes of answers were passed on since then. */
  answered: number;
}

/** A fault in the answers to the requests whose path matches. */
interface Fault {
  readonly path: RegExp;
  /** How many bytes of the answer are passed on before it. */
  readonly afterBytes: number;
  readonly kind: 'cut' | 'stall';
}

/** Stands between Dockmaster and a real engine: tells what was asked of the engine, and puts faults on the line. */
export class EngineProxy {
  /** Method and path of each request so far. */
  readonly requests: string[] = [];
  private readonly links = new Set<Link>();
  private fault: Fault | undefined;

  private constructor(
    private readonly server: Server,
    private readonly directory: string,
  ) {}

  static async start(engineSocket: string): Promise<EngineProxy> {
    const directory = await mkdtemp(join(tmpdir(), 'dockmaster-proxy-'));
    const server = createServer();
    const proxy = new EngineProxy(server, directory);
    server.on('connection', (client) => proxy.link(client, connect(engineSocket)));
    server.listen(join(directory, 'docker.sock'));
    await once(server, 'listening');
    return proxy;
  }

  /** As a value for DOCKER_HOST. */
  get dockerHost(): string {
    return `unix://${join(this.directory, 'docker.sock')}`;
  }

  /** The requests so far whose path matches. */
  asked(path: RegExp): string[] {
    return this.requests.filter((request) => path.test(request));
  }

  /** How many connections are open now whose last request was for such a path. */
  open(path: RegExp): number {
    return [...this.links].filter((link) => path.test(link.path)).length;
  }

  /** From now on, cuts the connection amid the answers to such requests. */
  cut(path: RegExp, { afterBytes = 0 } = {}): void {
    this.fault = { path, afterBytes, kind: 'cut' };
  }

  /** From now on, answers to such requests stop coming; their connections stay. */
  stall(path: RegExp, { afterBytes = 0 } = {}): void {
    this.fault = { path, afterBytes, kind: 'stall' };
  }

  /** Cuts all connections that there are. */
  drop(): void {
    for (const { client } of this.links) client.destroy();
  }

  /** Passes everything on again. */
  heal(): void {
    this.fault = undefined;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const { client, engine } of this.links) {
      client.destroy();
      engine.destroy();
    }
    await closed;
    await rm(this.directory, { recursive: true, force: true });
  }

  private link(client: Socket, engine: Socket): void {
    const link: Link = { client, engine, path: '', answered: 0 };
    this.links.add(link);
    client.on('data', (chunk) => {
      const [, method, path] = REQUEST_LINE.exec(chunk.toString('latin1')) ?? [];
      if (method !== undefined && path !== undefined) {
        link.path = path;
        link.answered = 0;
        this.requests.push(`${method} ${path}`);
      }
      if (!engine.write(chunk)) client.pause();
    });
    engine.on('drain', () => client.resume());
    engine.on('data', (chunk) => this.answer(link, chunk));
    client.on('drain', () => engine.resume());
    client.on('end', () => engine.end());
    engine.on('end', () => client.end());
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      socket.on('error', () => other.destroy()); // what one side does to its end, the other side sees
      socket.on('close', () => {
        other.destroySoon();
        this.links.delete(link);
      });
    }
  }

  private answer(link: Link, chunk: Buffer): void {
    const { client, engine, path } = link;
    const { fault } = this;
    if (fault?.path.test(path) !== true) {
      if (!client.write(chunk)) engine.pause();
      return;
    }
    const rest = Math.max(0, fault.afterBytes - link.answered);
    link.answered += chunk.length;
    client.write(chunk.subarray(0, rest), () => {
      if (fault.kind === 'cut' && link.answered > fault.afterBytes) client.destroy();
    });
  }
}
