/** The Dockmaster server as `npm run up` runs it: in the background, with a process id file and a log in the data directory. */
import { spawn } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually, identify, isAlive, signal } from './processes.mjs';
import { NODE, ROOT, projectEnvironment } from './project.mjs';
import { PlainError } from './steps.mjs';

const START_MS = 60_000;
const STOP_MS = 40_000;
const LARGEST_LOG = 10 * 1024 * 1024;

/** What `npm run up` and `npm run down` need to know of the settings. */
export function serverSettings(environment = process.env) {
  const listen = environment.DOCKMASTER_LISTEN || '127.0.0.1:8080';
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(listen);
  if (!match)
    throw new PlainError(
      `DOCKMASTER_LISTEN must be HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080; it is ${listen}`,
    );
  const host = match[1] ?? (match[2] || '0.0.0.0');
  const port = Number(match[3]);
  const reachable =
    { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  return {
    host,
    port,
    url: `http://${reachable}:${port}`,
    dataDirectory: resolve(ROOT, environment.DOCKMASTER_DATA_DIR || 'data'),
  };
}

export const logFile = (dataDirectory) => join(dataDirectory, 'dockmaster.log');
const pidFile = (dataDirectory) => join(dataDirectory, 'dockmaster.pid');

/** @returns {import('./processes.mjs').ProcessIdentity | undefined} the running server; a file that a dead one left is removed */
export function runningServer(dataDirectory) {
  const file = pidFile(dataDirectory);
  if (!existsSync(file)) return undefined;
  const identity = identify(Number(readFileSync(file, 'utf8')));
  if (identity !== undefined && isServer(identity.pid)) return identity;
  rmSync(file);
  return undefined;
}

/** The id may by now be that of another program. */
function isServer(pid) {
  if (!existsSync('/proc/self')) return true;
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .includes(join(ROOT, 'dist', 'main.js'));
}

/** What says how the server works; unset and empty is the same. */
const SETTING = /^(DOCKMASTER_\w+|DATABASE_URL(_FILE)?|DOCKER_(HOST|TLS_VERIFY|CERT_PATH))$/;

/** @returns {Record<string, string>} the variables among `environment` that are settings */
export function settingsOf(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => SETTING.test(name) && value !== ''),
  );
}

/** @returns {Record<string, string> | undefined} the settings that a server was started with; undefined where the system does not tell */
export function settingsInForce(server) {
  const file = `/proc/${server.pid}/environ`;
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\0');
  return settingsOf(
    Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
  );
}

/** @returns {string[]} the names of the settings that are not the same in both */
export function differingSettings(some, others) {
  const names = new Set([...Object.keys(some), ...Object.keys(others)]);
  return [...names].filter((name) => some[name] !== others[name]).sort();
}

/** @returns {Promise<string[]>} what is wrong with variables that look like settings and are none. To be called after the build */
export async function unknownSettings() {
  const built = (name) => import(pathToFileURL(join(ROOT, 'dist', 'config', name)).href);
  const { settingNames } = await built('settings.js');
  const { unknownVariables } = await built('unknown-variables.js');
  return unknownVariables(process.env, settingNames());
}

/** Fails with all that is wrong with the settings. To be called after the build */
export async function mustBeValid(environment) {
  const { readStartSettings } = await import(pathToFileURL(join(ROOT, 'dist', 'start-settings.js')).href);
  try {
    readStartSettings(environment);
  } catch (error) {
    throw new PlainError(error.message);
  }
}

/** Made by its last part only where there is no more to make: `recursive` tries for ever below /proc and the like. */
export function makeDataDirectory(path) {
  try {
    if (!existsSync(path)) {
      if (!existsSync(dirname(path))) makeDataDirectory(dirname(path));
      mkdirSync(path, { mode: 0o700 });
    }
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof PlainError) throw error;
    throw new PlainError(
      `Can't use the data directory ${path}: ${error.message}. Make it writable for this user, or choose another with DOCKMASTER_DATA_DIR.`,
    );
  }
}

/** A command as it has to be called for this data directory. */
export function commandFor(command, dataDirectory) {
  return dataDirectory === join(ROOT, 'data')
    ? command
    : `DOCKMASTER_DATA_DIR=${quote(dataDirectory)} ${command}`;
}

/** A path as a shell takes it for one word. */
export function quote(path) {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

export async function answersHealthz(url) {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** Starts the server in the background; resolves when it answers. */
export async function startServer({ url, dataDirectory }, dockerHost) {
  makeDataDirectory(dataDirectory);
  const log = logFile(dataDirectory);
  if (existsSync(log) && statSync(log).size > LARGEST_LOG) renameSync(log, `${log}.1`);
  const output = openSync(log, 'a', 0o600);
  const logStart = statSync(log).size;
  const child = spawn(NODE, [join(ROOT, 'dist', 'main.js')], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', output, output],
    env: projectEnvironment({
      DOCKMASTER_DATA_DIR: dataDirectory,
      ...(dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }),
    }),
  });
  closeSync(output);
  child.unref();
  const server = identify(child.pid);
  writeFileSync(pidFile(dataDirectory), `${child.pid}\n`);

  const settled = await eventually(async () => !isAlive(server) || (await answersHealthz(url)), START_MS);
  if (settled && isAlive(server)) return;
  signal(server, 'SIGTERM');
  rmSync(pidFile(dataDirectory), { force: true });
  const said = readFileSync(log).subarray(logStart).toString().trimEnd().split('\n').slice(-20).join('\n');
  throw new PlainError(
    `Dockmaster ${settled ? 'ended' : `did not answer at ${url}`}. The end of ${log}:\n${said}`,
  );
}

/** Lets the server finish what it is at. */
export async function stopServer(dataDirectory, server) {
  signal(server, 'SIGTERM');
  if (!(await eventually(() => !isAlive(server), STOP_MS))) signal(server, 'SIGKILL');
  rmSync(pidFile(dataDirectory), { force: true });
}

/** Fails with advice when another program listens where the server is to. */
export function mustBeFree({ host, port }) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const hint = `choose another with DOCKMASTER_LISTEN=127.0.0.1:${port < 65_000 ? port + 1 : 8080}`;
      const reason = error.code === 'EADDRINUSE' ? 'another program already listens there' : error.message;
      reject(new PlainError(`Cannot listen on ${host}:${port}: ${reason}. Stop it, or ${hint}.`));
    });
    probe.listen(port, host, () => probe.close(resolve));
  });
}
