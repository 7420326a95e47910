/** A PostgreSQL server of our own for the tests: a new cluster on a free loopback port, gone when its owner ends. */
import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, identify, isAlive } from './lib/processes.mjs';

const TETHERED = join(import.meta.dirname, 'lib', 'tethered.sh');
/** Debian keeps each version's programs apart and off the PATH. */
const DEBIAN_VERSIONS = '/usr/lib/postgresql';
const NOBODY = 65534;
const READY_MS = 30_000;
const END_MS = 20_000;

/** What is not safe here is not needed here: a test's data need not survive a power cut. */
const SERVER_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

/** @returns {string | undefined} the folder of the newest server programs */
export function findPostgres() {
  const versions = existsSync(DEBIAN_VERSIONS) ? readdirSync(DEBIAN_VERSIONS) : [];
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN_VERSIONS, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'postgres')));
}

/** @returns {Promise<{ url: string, stop: () => Promise<void> }>} `url` is that of a superuser on the database `postgres` */
export async function startPostgres() {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('no PostgreSQL server is installed (Debian: postgresql)');
  const directory = mkdtempSync(join(tmpdir(), 'dockmaster-postgres-'));
  const password = randomBytes(18).toString('base64url');
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const root = process.getuid() === 0;
  if (root) for (const path of [directory, passwordFile]) chownSync(path, NOBODY, NOBODY);
  // The server refuses to run as root.
  const unprivileged = root ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];

  const port = await freePort();
  const data = join(directory, 'data');
  const settings = {
    ...SERVER_SETTINGS,
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
  };
  const initialise = `"$0"/initdb -D '${data}' -U dockmaster -A scram-sha-256 --pwfile='${passwordFile}' -E UTF8 --locale=C.UTF-8 --no-sync`;
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const serve = `${initialise} && exec "$0"/postgres -D '${data}' "$@"`;

  const logFile = join(directory, 'log');
  const log = openSync(logFile, 'a');
  const child = spawn(
    'bash',
    [TETHERED, directory, 'INT', ...unprivileged, 'bash', '-c', serve, programs, ...flags],
    {
      stdio: ['pipe', log, log],
      detached: true,
      cwd: '/',
    },
  );
  closeSync(log);
  const outer = identify(child.pid);
  child.unref();
  child.stdin.unref();

  let last = '';
  const settled = await eventually(() => {
    if (existsSync(logFile)) last = readFileSync(logFile, 'utf8');
    return !isAlive(outer) || last.includes('database system is ready to accept connections');
  }, READY_MS);
  if (!settled || !isAlive(outer)) {
    child.stdin.destroy();
    throw new Error(`PostgreSQL did not start:\n${last.split('\n').slice(-15).join('\n')}`);
  }
  return {
    url: `postgres://dockmaster:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      child.stdin.destroy();
      if (!(await eventually(() => !isAlive(outer), END_MS))) throw new Error('PostgreSQL did not end');
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
