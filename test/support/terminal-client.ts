import WebSocket from 'ws';
import type { Problem } from '../../src/http/problem.js';
import type { TestActor, TestApp } from './app.js';
import { eventually } from './eventually.js';

/** What the server says as text; output comes as binary messages. */
export type TerminalEvent =
  { type: 'ready' } | { type: 'exit'; exitCode: number | null } | { type: 'error'; problem: Problem };

const STREAMS = ['console', 'stdout', 'stderr'] as const;

/** A client of interactive exec and attach, as a program in front of Dockmaster would be one. */
export class TerminalClient {
  readonly events: TerminalEvent[] = [];
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  private readonly written: Record<(typeof STREAMS)[number], Buffer[]> = {
    console: [],
    stdout: [],
    stderr: [],
  };

  private constructor(private readonly socket: WebSocket) {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.closed = promise;
    socket.on('close', resolve);
    socket.on('error', reject);
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.written[STREAMS[(data[0] ?? 0) as 0 | 1 | 2]].push(data.subarray(1));
      else this.events.push(JSON.parse(data.toString()) as TerminalEvent);
    });
  }

  /** Connects with the Authorization header of `actor`, or none. @param path below `/api/v1/engines/local` */
  static open(app: Pick<TestApp, 'webSocketUrl'>, path: string, actor?: TestActor): TerminalClient {
    const headers = actor ? { authorization: actor.authorization } : {};
    return new TerminalClient(new WebSocket(`${app.webSocketUrl}/api/v1/engines/local${path}`, { headers }));
  }

  /** What came on a stream so far. */
  output(stream: (typeof STREAMS)[number]): string {
    return Buffer.concat(this.written[stream]).toString();
  }

  /** Resolves once the stream holds the text. */
  async reads(stream: (typeof STREAMS)[number], text: string): Promise<void> {
    await eventually(
      () => this.output(stream),
      (output) => output.includes(text),
    );
  }

  async ready(): Promise<void> {
    await eventually(
      () => this.events,
      (events) => events.some(({ type }) => type === 'ready'),
    );
  }

  /** Types on the keyboard: standard input. */
  type(input: string | Buffer): void {
    this.socket.send(Buffer.from(input));
  }

  /** Sends a text message: an object as JSON. */
  tell(command: object | string): void {
    const send = () => this.socket.send(typeof command === 'string' ? command : JSON.stringify(command));
    if (this.socket.readyState === WebSocket.CONNECTING) this.socket.once('open', send);
    else send();
  }

  leave(): void {
    this.socket.close();
  }
}

/** The HTTP status that a WebSocket upgrade is answered with: 101 where it stands. */
export function upgradeStatus(
  app: TestApp,
  path: string,
  headers: Record<string, string> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${app.webSocketUrl}${path}`, { headers });
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.once('error', reject);
  });
}
