import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the real engine answers: what decisions are made by, looking at containers, and making them. */
const REAL = [
  /^(GET|HEAD) \/(_ping|version|info|events)$/,
  /^(GET|HEAD) \/containers\/(?!.*\/attach\/ws$)/,
  /^GET \/exec\/[^/]+\/json$/,
  /^GET \/images\/(json|[^/]+\/(json|history))$/,
  /^GET \/(networks|volumes)(\/|$)/,
  /^POST \/containers\/(create|[^/]+\/exec)$/,
];

/** Something of a swarm, of each kind: the engine itself is in none. */
const OF_SWARM = {
  ID: 'sample',
  Version: { Index: 1 },
  CreatedAt: '',
  UpdatedAt: '',
  Spec: { Name: 'sample' },
};

/** Answers that are looked into; all others are empty. */
const ANSWERS: readonly (readonly [call: RegExp, answer: object])[] = [
  [/^POST \/commit$/, { Id: `sha256:${'0'.repeat(64)}` }],
  [/^POST \/containers\/[^/]+\/wait$/, { StatusCode: 0 }],
  [/^POST \/networks\/create$/, { Id: '0'.repeat(64) }],
  [/^POST \/volumes\/create$/, { Name: 'sample', Driver: 'local', Options: null, Labels: null }],
  [/^DELETE \/images\//, []],
  [/^GET \/(images\/search|plugins|plugins\/privileges)$/, []],
  [/^GET \/(services|tasks|nodes|secrets|configs)$/, [OF_SWARM]],
  [/^GET \/(services|tasks|nodes|secrets|configs)\/[^/]+$/, OF_SWARM],
  [/^GET \/swarm$/, { ...OF_SWARM, JoinTokens: { Worker: 'sample', Manager: 'sample' } }],
  [/^POST \/(services|secrets|configs)\/create$/, { ID: 'created' }],
];

/**
 * A real engine, except that whatever would change it gets through only where it makes containers and execs: everything
 * else is answered with a success and not done. So anything can be called, as often as there are actors.
 */
export class StandInEngine {
  /** What came that would change something, as `METHOD /path` without the API version. */
  readonly changes: string[] = [];

  private constructor(
    private readonly directory: string,
    private readonly server: Server,
    private readonly target: string,
  ) {}

  /** @param target the socket of the engine behind */
  static async start(target: string): Promise<StandInEngine> {
    const directory = await mkdtemp(join(tmpdir(), 'stand-in-engine-'));
    const engine = new StandInEngine(directory, createServer(), target);
    engine.server.on('request', (incoming, outgoing) => engine.answer(incoming, outgoing));
    engine.server.on('upgrade', (incoming: IncomingMessage, socket) => {
      engine.changes.push(callOf(incoming));
      const upgraded = `HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: ${incoming.headers.upgrade ?? 'tcp'}\r\n\r\n`;
      socket.on('error', () => undefined); // the other side may just leave
      socket.end(upgraded);
    });
    engine.server.listen(join(directory, 'engine.sock'));
    await once(engine.server, 'listening');
    return engine;
  }

  /** As a value for DOCKER_HOST. */
  get dockerHost(): string {
    return `unix://${join(this.directory, 'engine.sock')}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await rm(this.directory, { recursive: true, force: true });
  }

  private answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const call = callOf(incoming);
    if (!/^(GET|HEAD) /.test(call)) this.changes.push(call);
    if (REAL.some((pattern) => pattern.test(call))) {
      this.pass(incoming, outgoing);
      return;
    }
    incoming.resume().on('end', () => {
      const [, answer = {}] = ANSWERS.find(([pattern]) => pattern.test(call)) ?? [];
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method = '', url = '', headers } = incoming;
    const onward = request({ socketPath: this.target, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}

function callOf({ method = '', url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1);
  return `${method} ${path.replace(/^\/v\d+\.\d+/, '')}`;
}
