import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook as Verifier } from 'standardwebhooks';
import { eventually } from './eventually.js';

/** An event as receivers get it: a CloudEvent. */
export interface ReceivedEvent {
  readonly specversion: string;
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly sequence: string;
  readonly data: Readonly<Record<string, unknown>> & {
    readonly id: string;
    readonly name: string | null;
    readonly labels: Readonly<Record<string, string>>;
  };
}

/** A request as it came. */
export interface Received {
  /** The `webhook-id`. */
  readonly id: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Byte for byte, as it is signed. */
  readonly body: string;
  readonly event: ReceivedEvent;
  /** When all of it was there, by `performance.now()`. */
  readonly at: number;
}

/** What a receiver does with a request. */
export type Behaviour = (response: ServerResponse, received: Received) => void;

export const ACCEPT: Behaviour = (response) => response.writeHead(204).end();

export function answering(status: number, headers: Record<string, string> = {}): Behaviour {
  return (response) => response.writeHead(status, headers).end();
}

/** A receiver of webhooks on 127.0.0.1: remembers what came, also what it did not take. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  behaviour: Behaviour = ACCEPT;

  private constructor(
    private server: Server,
    readonly port: number,
  ) {}

  static async start(port = 0): Promise<WebhookReceiver> {
    const server = await listening(port);
    const receiver = new WebhookReceiver(server, (server.address() as AddressInfo).port);
    receiver.serve();
    return receiver;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Requests that a receiver would have taken, each id once. */
  get ids(): ReadonlySet<string> {
    return new Set(this.received.map(({ id }) => id));
  }

  /** What came of one type of event, perhaps to one subject. */
  of(type: string, subject?: string): Received[] {
    return this.received.filter(
      ({ event }) => event.type === type && (subject === undefined || event.subject === subject),
    );
  }

  /** Resolves once so many have come. */
  async until(enough: (received: readonly Received[]) => boolean): Promise<readonly Received[]> {
    return eventually(() => this.received, enough);
  }

  /** Nobody listens any more: connections are refused. */
  async goDown(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  async comeBack(): Promise<void> {
    this.server = await listening(this.port);
    this.serve();
  }

  async stop(): Promise<void> {
    if (this.server.listening) await this.goDown();
  }

  private serve(): void {
    this.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      text(request).then(
        (body) => {
          const received: Received = {
            id: String(request.headers['webhook-id']),
            path: request.url ?? '',
            headers: request.headers,
            body,
            event: JSON.parse(body) as ReceivedEvent,
            at: performance.now(),
          };
          this.received.push(received);
          this.behaviour(response, received);
        },
        () => response.destroy(),
      );
    });
  }
}

/** Whether the `standardwebhooks` library finds the signature to be that of the secret. */
export function isSignedWith(secret: string, { headers, body }: Received): boolean {
  try {
    new Verifier(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
