import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineAddress } from './engine-address.js';
import { HttpEngineConnection, type EngineConnectionOptions } from './http-engine-connection.js';

/** A request as the scripted engine got it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
}

/** An HTTP server on a Unix socket that plays an engine in the tests: it answers pings itself, all else by `answer`. */
export class ScriptedEngine {
  /** The newest API version that it says it speaks. */
  apiVersion = '1.47';
  /** How it answers; 404 unless set. */
  answer: RequestListener = (_, response) => sendJson(response, 404, { message: 'page not found' });
  /** What it does with a connection that is to be upgraded; a request to upgrade is answered by `answer` unless set. */
  onUpgrade: ((request: IncomingMessage, socket: Socket, head: Buffer) => void) | undefined;
  readonly seen: SeenRequest[] = [];
  pings = 0;
  connections = 0;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(private readonly folder: string) {}

  static async start(): Promise<ScriptedEngine> {
    const engine = new ScriptedEngine(await mkdtemp(join(tmpdir(), 'scripted-engine-')));
    await engine.listen();
    return engine;
  }

  get socketPath(): string {
    return join(this.folder, 'engine.sock');
  }

  get address(): EngineAddress {
    return { transport: 'unix', path: this.socketPath };
  }

  connect(options?: EngineConnectionOptions): HttpEngineConnection {
    return new HttpEngineConnection('local', this.address, options);
  }

  /** Connections that stand now. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => {
      if (request.url === '/_ping') {
        this.pings++;
        response.setHeader('Api-Version', this.apiVersion).setHeader('Ostype', 'linux').end('OK');
        return;
      }
      this.#record(request);
      this.answer(request, response);
    });
    if (this.onUpgrade !== undefined) {
      server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
        this.#record(request);
        this.onUpgrade?.(request, socket, head);
      });
    }
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server = server.listen(this.socketPath);
    await once(server, 'listening');
  }

  /** Stops as an engine does that ends or is killed: nothing listens, and all connections are closed. */
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  #record({ method = '', url = '', headers }: IncomingMessage): void {
    this.seen.push({ method, url, headers });
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Resolves when `condition` holds; a test that waits in vain runs into its own time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
