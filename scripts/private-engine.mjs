/**
 * A real Docker Engine of our own, apart from every other engine on the machine: its own process, mount and (unless asked
 * otherwise) network namespaces, socket, data, cgroup, settings and containerd. `npm run up` uses it where there is no engine,
 * the tests use it always.
 *
 * It lives in a sandbox (private-engine-sandbox.sh). When the sandbox's init ends, the kernel ends everything in it: the engine,
 * its containerd, shims and containers, and all mounts. So nothing can be left behind, whatever was killed in whatever order.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { busyboxRootFs } from './lib/busybox.mjs';
import { callEngine, engineAnswers, importImage } from './lib/engine-http.mjs';
import { childrenOf, eventually, isAlive, signal } from './lib/processes.mjs';
import { cgroupOf, lastLines, logTail, startSandbox, thaw } from './lib/sandbox.mjs';

/** The kernel allows 107 bytes for a socket's path. */
const LONGEST_SOCKET_PATH = 100;
const LARGEST_LOG = 10 * 1024 * 1024;
/** How long a container may take to stop (Docker's own default is 10 s), and the engine after it. */
const GRACE_MS = 30_000;
const END_MS = 20_000;
const STATE_FILE = 'engine.json';

/** What each method promises stands in private-engine.d.mts. */
export class PrivateEngine {
  #state;

  constructor(state) {
    this.#state = state;
  }

  static async start(options = {}) {
    const {
      name = 'engine',
      directory,
      lifetime = 'owner',
      network = 'private',
      cgroupVersion = 'host',
    } = options;
    const { flags = [], timeoutMs = 60_000 } = options;
    const onProgress = options.onProgress ?? (() => undefined);
    if (!/^[a-z0-9][a-z0-9-]{0,29}$/.test(name)) throw new Error(`not a name for an engine: ${name}`);
    requireRoot();

    const kept = directory !== undefined;
    if (kept && resolve(directory).startsWith('/run/')) {
      throw new Error('a private engine hides /run from itself: choose another directory');
    }
    const runtime = realpathSync(mkdtempSync(join(tmpdir(), `dockmaster-${name}-`)));
    const home = kept ? makeDirectory(directory) : runtime;
    rotateLog(join(home, 'engine.log'));

    const sandbox = await startSandbox({ runtime, home, name, cgroupVersion, network, lifetime });
    const { init, overlay, iptables } = sandbox;
    const engine = new PrivateEngine({
      name,
      home,
      kept,
      network,
      lifetime,
      cgroup: cgroupOf(runtime),
      init,
      outer: sandbox.outer,
      daemon: undefined,
      socketPath: socketPathIn(home),
      flags: [
        `--data-root=${join(home, 'data')}`,
        '--exec-root=/run/docker',
        '--pidfile=/run/docker.pid',
        `--cgroup-parent=/${cgroupOf(runtime)}`,
        '--exec-opt=native.cgroupdriver=cgroupfs',
        '--host=unix:///run/docker.sock', // where programs in containers that mount the socket look for it
        ...(overlay ? [] : ['--storage-driver=vfs']),
        ...(iptables ? [] : ['--iptables=false']),
        ...flags,
      ],
    });
    engine.#save();
    try {
      await engine.#startDaemon(timeoutMs, onProgress);
    } catch (error) {
      await engine.stop({ graceful: false });
      throw error;
    }
    return engine;
  }

  /** The engine that was started with this directory and is still running, also by another process; undefined if there is none. */
  static adopt(directory) {
    const file = join(directory, STATE_FILE);
    if (!existsSync(file)) return undefined;
    const state = JSON.parse(readFileSync(file, 'utf8'));
    return isAlive(state.init) ? new PrivateEngine(state) : undefined;
  }

  get name() {
    return this.#state.name;
  }

  get directory() {
    return this.#state.home;
  }

  get socketPath() {
    return this.#state.socketPath;
  }

  get dockerHost() {
    return `unix://${this.#state.socketPath}`;
  }

  get initPid() {
    return this.#state.init.pid;
  }

  get daemonPid() {
    return this.#state.daemon?.pid;
  }

  isReady() {
    return engineAnswers(this.#state.socketPath);
  }

  async ensureReady({ timeoutMs = 60_000, onProgress = () => undefined } = {}) {
    if (!isAlive(this.#state.daemon)) return this.#startDaemon(timeoutMs, onProgress);
    if (await eventually(() => this.isReady(), timeoutMs)) return undefined;
    throw new Error(`the engine ${this.name} runs but does not answer\n${lastLines(this.logs(), 15)}`);
  }

  async kill() {
    const { daemon } = this.#state;
    if (!isAlive(daemon)) return;
    const helpers = childrenOf(daemon.pid); // its containerd is told by the kernel to follow
    signal(daemon, 'SIGKILL');
    const ended = await eventually(() => [daemon, ...helpers].every((one) => !isAlive(one)), END_MS);
    if (!ended) throw new Error(`the engine ${this.name} did not end when killed`);
  }

  async restart({ timeoutMs = 60_000, onProgress = () => undefined } = {}) {
    if (isAlive(this.#state.daemon)) await this.#endDaemon();
    await this.#startDaemon(timeoutMs, onProgress);
  }

  async stop({ graceful = this.#state.kept } = {}) {
    if (graceful && isAlive(this.#state.daemon)) await this.#endDaemon();
    signal(this.#state.init, 'SIGKILL');
    thaw(this.#state.cgroup);
    const ended = await eventually(() => !isAlive(this.#state.outer), END_MS);
    if (!ended) throw new Error(`the sandbox of the engine ${this.name} did not end`);
    if (this.#state.kept) {
      rmSync(join(this.#state.home, STATE_FILE), { force: true });
      const { home, socketPath } = this.#state;
      rmSync(dirname(socketPath) === home ? socketPath : dirname(socketPath), {
        recursive: true,
        force: true,
      });
    }
  }

  /** nsenter stays outside as the parent; ending that ends the process. */
  spawn(command, args, options = {}) {
    const inside = ['setpriv', '--pdeathsig=KILL', command, ...args];
    return spawn('nsenter', [...this.#enter(), ...inside], {
      ...options,
      env: options.env ?? daemonEnvironment(),
    });
  }

  async importBusybox(reference = 'busybox:latest', { files = {}, changes = ['CMD ["sh"]'] } = {}) {
    const entries = Object.entries(files).map(([path, content]) => ({ path, content }));
    await importImage(this.socketPath, reference, busyboxRootFs(entries), changes);
  }

  async call(method, path, { body, headers = {} } = {}) {
    const sent = body === undefined ? {} : { 'content-type': 'application/json' };
    const { status, body: answer } = await callEngine(this.socketPath, method, path, {
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
      headers: { ...sent, ...headers },
    });
    const text = answer.toString();
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text.trim()}`);
    return { status, text };
  }

  logs() {
    return logTail(this.#state.home);
  }

  #enter() {
    const namespaces = [
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      ...(this.#state.network === 'private' ? ['--net'] : []),
    ];
    return [`--target=${this.#state.init.pid}`, ...namespaces, '--'];
  }

  async #startDaemon(timeoutMs, onProgress) {
    const begin = performance.now();
    const detached = this.#state.lifetime === 'detached';
    const log = openSync(join(this.#state.home, 'engine.log'), 'a');
    let failure;
    // A killed daemon leaves pid files, its own and its containerd's; in the sandbox the same id may by now be a shim's.
    const files = '/run/docker.pid /run/docker/containerd/containerd.pid';
    const command = ['bash', '-c', `rm -f ${files} && exec dockerd "$@"`, 'dockerd'];
    const child = spawn(
      'nsenter',
      [...this.#enter(), ...command, `--host=${this.dockerHost}`, ...this.#state.flags],
      { stdio: ['ignore', log, log], detached: true, env: daemonEnvironment(), cwd: '/' },
    );
    child.once('error', (error) => (failure = error.message));
    child.once('exit', (code, by) => (failure ??= `it ended with ${by ?? `exit code ${String(code)}`}`));
    closeSync(log);
    if (detached) child.unref();
    await eventually(() => failure !== undefined || childrenOf(child.pid).length > 0, 5_000);
    this.#state.daemon = childrenOf(child.pid)[0];
    this.#save(); // at once: whoever adopts it must know that a daemon is starting

    let nextProgress = begin + 5_000;
    const ready = await eventually(async () => {
      if (failure !== undefined) return true;
      if (performance.now() > nextProgress) {
        nextProgress += 5_000;
        onProgress(`waiting for the engine (${Math.round((performance.now() - begin) / 1000)} s)`);
      }
      return this.isReady();
    }, timeoutMs);
    if (!ready) failure = `no answer to /_ping in ${timeoutMs} ms`;
    if (failure !== undefined) {
      throw new Error(`the engine ${this.name} did not start: ${failure}\n${lastLines(this.logs(), 15)}`);
    }
  }

  async #endDaemon() {
    signal(this.#state.daemon, 'SIGTERM');
    if (!(await eventually(() => !isAlive(this.#state.daemon), GRACE_MS))) await this.kill();
  }

  #save() {
    const file = join(this.#state.home, STATE_FILE);
    writeFileSync(`${file}.new`, JSON.stringify(this.#state, undefined, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function requireRoot() {
  if (process.getuid?.() !== 0) throw new Error('a private engine needs root');
}

function makeDirectory(directory) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return realpathSync(directory);
}

/** In its directory, or, where that path is too long for a socket, in a place that follows from it. */
function socketPathIn(home) {
  const inHome = join(home, 'docker.sock');
  if (inHome.length <= LONGEST_SOCKET_PATH) return inHome;
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 16);
  return join(makeDirectory(join(tmpdir(), `dockmaster-socket-${digest}`)), 'docker.sock');
}

/** Only what a daemon needs: neither our secrets nor another engine's settings. */
function daemonEnvironment() {
  const kept = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy', 'TMPDIR'];
  const environment = Object.fromEntries(
    kept.filter((key) => key in process.env).map((key) => [key, process.env[key]]),
  );
  return {
    ...environment,
    HOME: '/root',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  };
}

function rotateLog(file) {
  if (existsSync(file) && statSync(file).size > LARGEST_LOG) renameSync(file, `${file}.1`);
}
