import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import type { TestActor } from './app.js';
import { eventually } from './eventually.js';

const ROOT = join(import.meta.dirname, '..', '..');
const PROGRAM = join(ROOT, 'dist', 'main.js');
/** A start is seconds of work, and both cores may be at something else. */
const START_MS = 50_000;
const ADMIN_PASSWORD = 'correct horse battery';

export interface DockmasterOptions {
  /** Of the engine `local`. */
  readonly dockerHost: string;
  /** Where its data is: kept, so that it can be started again with it. */
  readonly dataDir: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Dockmaster as a process of its own, as it is installed: for what only a process can show, its death foremost. */
export class DockmasterProcess {
  /** Resolves when it has ended. */
  readonly ended: Promise<Exit>;
  url = '';
  private output = '';

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Resolves when it listens. @throws Error with what it said, when it ends instead */
  static async start(options: DockmasterOptions): Promise<DockmasterProcess> {
    const dockmaster = await DockmasterProcess.launch(options);
    const exited = dockmaster.ended.then(() => 'ended');
    const listening = eventually(
      () => dockmaster.listensAt(),
      (url) => url !== undefined,
      START_MS,
    );
    const url = await Promise.race([listening, exited]);
    if (url === undefined || url === 'ended') throw new Error(`Dockmaster did not start: ${dockmaster.log}`);
    dockmaster.url = url;
    return dockmaster;
  }

  /** Only starts it, for one that is expected to end by itself. */
  static async launch({
    dockerHost,
    dataDir,
    environment = {},
  }: DockmasterOptions): Promise<DockmasterProcess> {
    if (!existsSync(PROGRAM)) await build();
    const child = spawn(process.execPath, [PROGRAM], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        DOCKMASTER_LISTEN: '127.0.0.1:0',
        DOCKMASTER_DATA_DIR: dataDir,
        DOCKMASTER_ADMIN_PASSWORD: ADMIN_PASSWORD,
        DOCKER_HOST: dockerHost,
        ...environment,
      },
    });
    return new DockmasterProcess(child);
  }

  /** All that it has said so far. */
  get log(): string {
    return this.output;
  }

  /** Nobody reads what it says from now on. */
  stopReading(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  get webSocketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  /** REST as `actor`, or as nobody. */
  rest(actor?: Pick<TestActor, 'authorization'>) {
    const agent = supertest.agent(this.url);
    return actor ? agent.set('authorization', actor.authorization) : agent;
  }

  async admin(): Promise<TestActor> {
    const signedIn = await this.rest()
      .post('/api/v1/auth/login')
      .send({ username: 'admin', password: ADMIN_PASSWORD })
      .expect(200);
    const { accessToken: token } = signedIn.body as { accessToken: string };
    const authorization = `Bearer ${token}`;
    const me = await this.rest({ authorization }).get('/api/v1/me').expect(200);
    return { id: (me.body as { id: string }).id, username: 'admin', token, authorization };
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.child.kill(signal);
    return this.ended;
  }

  private listensAt(): string | undefined {
    const line = this.output.split('\n').find((text) => text.includes('Dockmaster is listening'));
    return line === undefined ? undefined : (JSON.parse(line) as { url: string }).url;
  }
}

/** A data directory for processes that come one after the other. */
export async function temporaryDataDir(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'dockmaster-data-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function build(): Promise<void> {
  const npm = spawn('npm', ['run', '--silent', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(npm, 'exit')) as [number | null];
  if (code !== 0) throw new Error('npm run build failed');
}
