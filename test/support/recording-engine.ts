import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A unix socket in front of an engine that writes down every request, except pings, and passes it on. */
export class RecordingEngine {
  /** What Dockmaster reads by itself, whoever asks for what, is left out. Each as `METHOD /path?query`, in the order they came. */
  readonly requests: string[] = [];
  private meanwhile: { readonly path: RegExp; readonly act: () => Promise<unknown> } | undefined;

  private constructor(
    private readonly directory: string,
    private readonly server: Server,
  ) {}

  /** @param target the socket of the engine behind */
  static async start(target: string): Promise<RecordingEngine> {
    const directory = await mkdtemp(join(tmpdir(), 'recording-engine-'));
    const server = createServer();
    const recording = new RecordingEngine(directory, server);
    server.on('request', (incoming, outgoing) => void recording.pass(target, incoming, outgoing));
    server.on('upgrade', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
      const { method = '', url = '', rawHeaders } = incoming;
      recording.requests.push(`${method} ${url}`);
      const lines = rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
      const engine = connect(target);
      engine.write(`${method} ${url} HTTP/1.1\r\n${lines}\r\n`);
      engine.write(head);
      for (const [from, to] of [
        [client, engine],
        [engine, client],
      ] as const) {
        from.pipe(to);
        from.on('error', () => to.destroy()).on('close', () => to.destroySoon());
      }
    });
    server.listen(join(directory, 'engine.sock'));
    await once(server, 'listening');
    return recording;
  }

  /** As a value for DOCKER_HOST. */
  get dockerHost(): string {
    return `unix://${join(this.directory, 'engine.sock')}`;
  }

  /** What happens before the engine hears of the next request to such a path, though Dockmaster has decided on it. */
  before(path: RegExp, act: () => Promise<unknown>): void {
    this.meanwhile = { path, act };
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    if (!ofTheWatch(method, url)) this.requests.push(`${method} ${url}`);
    const { meanwhile } = this;
    if (meanwhile?.path.test(url) === true) {
      this.meanwhile = undefined;
      await meanwhile.act();
    }
    const onward = httpRequest({ socketPath: target, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders(); // the engine's own come before its first event, too
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}

/** Pings, and the list and watch: events, the list of all, readings by full id. */
function ofTheWatch(method: string, url: string): boolean {
  return (
    method === 'GET' &&
    /\/(_ping|events\?since=\d+|containers\/json\?all=true|containers\/[0-9a-f]{64}\/json)$/.test(url)
  );
}
