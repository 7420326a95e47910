/** A Dockmaster process as it really runs: dist/main.js on the pinned Node.js, with default settings but for its place. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersHealthz } from '../scripts/lib/server.mjs';
import { NODE, ROOT } from '../scripts/lib/project.mjs';
import { heldBytes } from './heap.mjs';
import { HttpClient } from './http-client.mjs';

const START_MS = 60_000;
const STOP_MS = 15_000;
/** How exactly the time to start is known. */
const POLL_MS = 5;

export class Dockmaster {
  #dockerHost;
  #environment;
  #directory = mkdtempSync(join(tmpdir(), 'dockmaster-bench-'));
  #password = randomBytes(18).toString('base64url');
  #port;
  #child;
  #startMs;

  /** Resolves when /healthz answers. */
  static async start(dockerHost, environment = {}) {
    const dockmaster = new Dockmaster(dockerHost, environment);
    try {
      await dockmaster.spawn();
    } catch (error) {
      await dockmaster.stop();
      throw error;
    }
    return dockmaster;
  }

  constructor(dockerHost, environment = {}) {
    this.#dockerHost = dockerHost;
    this.#environment = environment;
  }

  get pid() {
    return this.#child.pid;
  }

  /** How long the last start took, from the start of the process to the first 200 of /healthz, in milliseconds. */
  get startMs() {
    return this.#startMs;
  }

  get webSocketUrl() {
    return `ws://127.0.0.1:${this.#port}/graphql`;
  }

  /** Starts the process, on the data of the one before; resolves when /healthz answers. */
  async spawn() {
    this.#port = await freePort();
    const log = openSync(join(this.#directory, 'dockmaster.log'), 'a');
    const begin = performance.now();
    // setpriv: should we be killed, the kernel ends it. It then becomes Node.js itself, so the process id is that of Dockmaster.
    const command = ['--pdeathsig=KILL', NODE, join(ROOT, 'dist', 'main.js')];
    this.#child = spawn('setpriv', command, {
      stdio: ['ignore', log, log],
      detached: true, // Ctrl-C is for us; we then end it in order
      env: {
        PATH: process.env.PATH,
        NODE_OPTIONS: '--inspect-port=0', // only where the inspector would listen if it were opened: any free port
        DOCKER_HOST: this.#dockerHost,
        DOCKMASTER_LISTEN: `127.0.0.1:${this.#port}`,
        DOCKMASTER_DATA_DIR: this.#directory,
        DOCKMASTER_ADMIN_PASSWORD: this.#password,
        ...this.#environment,
      },
    });
    closeSync(log);
    while (!(await answersHealthz(`http://127.0.0.1:${this.#port}`))) {
      if (this.#hasEnded || performance.now() - begin > START_MS)
        throw new Error(`Dockmaster did not start:\n${this.#lastLog()}`);
      await sleep(POLL_MS);
    }
    this.#startMs = performance.now() - begin;
  }

  /** Signs in as the first admin. @returns {Promise<string>} for the header `authorization` */
  async signIn() {
    const client = new HttpClient({ host: '127.0.0.1', port: this.#port });
    const body = { username: 'admin', password: this.#password };
    const { accessToken } = await client.json({ method: 'POST', path: '/api/v1/auth/login', body });
    client.close();
    return `Bearer ${accessToken}`;
  }

  /** A client that is signed in. */
  async client() {
    return new HttpClient({ host: '127.0.0.1', port: this.#port }, { authorization: await this.signIn() });
  }

  /** What it holds after a collection of garbage. It is not quite itself afterwards: its inspector stays open. */
  held() {
    return heldBytes(this.pid, () => this.#log());
  }

  /** Ends the process, and keeps the data for another `spawn()`. */
  async end() {
    if (this.#hasEnded) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  /** Ends the process and removes its data. */
  async stop() {
    await this.end();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  get #hasEnded() {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #lastLog() {
    return this.#log().trimEnd().split('\n').slice(-20).join('\n');
  }

  #log() {
    return readFileSync(join(this.#directory, 'dockmaster.log'), 'utf8');
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
