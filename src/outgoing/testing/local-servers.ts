import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HostResolver } from '../host-resolver.js';

/** What a server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A server on 127.0.0.1 that remembers what it was asked. */
export class LocalServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
    readonly asked: readonly Asked[],
  ) {}

  static async start(answer: RequestListener, tls?: { key: string; cert: string }): Promise<LocalServer> {
    const asked: Asked[] = [];
    const listener: RequestListener = (request: IncomingMessage, response) => {
      asked.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
      answer(request, response);
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LocalServer(server, (server.address() as AddressInfo).port, asked);
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}

/** A name server that answers as it is told, each time with the next answer, and with the last one from then on. */
export class ScriptedResolver extends HostResolver {
  readonly asked: string[] = [];

  constructor(private readonly answers: Readonly<Record<string, readonly (readonly string[])[]>>) {
    super();
  }

  override resolve(host: string): Promise<readonly string[]> {
    const answers = this.answers[host] ?? [];
    const turn = this.asked.filter((earlier) => earlier === host).length;
    this.asked.push(host);
    return Promise.resolve(answers[Math.min(turn, answers.length - 1)] ?? []);
  }
}
