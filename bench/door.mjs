/**
 * What the Engine door costs: the same requests put to the engine's socket, to HAProxy as a plain proxy in front of it, to the
 * door by its path and to a scoped socket, in turns. And whether a gigabyte passes without being held.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCommand } from '../scripts/lib/commands.mjs';
import { eventually } from './eventually.mjs';
import { HttpClient } from './http-client.mjs';
import { residentBytes } from './process-usage.mjs';
import { measureRates, RATE_COLUMNS } from './request-rate.mjs';
import { compareRounds, median, takeTurns } from './rounds.mjs';
import {
  createContainer,
  createContainers,
  runContainer,
  startContainers,
  waitForContainer,
} from './test-containers.mjs';

const CONTAINERS = 50;
const RUNNING = 10;
const MIB = 2 ** 20;
const LINE = `${'GET /v1.41/containers/json?all=1 HTTP/1.1" 200 18231 "-" "docker/28.2.2" 0.0123 '.padEnd(99, 'x')}\n`;

/** @param {import('./main.mjs').Bench} bench */
export async function measureDoor({ engine, startDockmaster, quick, say }) {
  const dockmaster = await startDockmaster();
  const proxy = hasCommand('haproxy') ? await Proxy.start(engine.socketPath) : undefined;
  if (proxy === undefined) say('haproxy is not installed: left out');
  try {
    const { ways, client, socketPath } = await waysTo(engine, dockmaster, proxy);
    const tables = [
      await rates(ways, { engine, quick, say }),
      await throughput(ways, { engine, quick, say }),
      await gigabyte({ engine, pid: dockmaster.pid, socketPath, quick, say }),
    ];
    for (const { client: each } of Object.values(ways)) each.close();
    client.close();
    return tables;
  } finally {
    await proxy?.stop();
    await dockmaster.stop();
  }
}

async function waysTo(engine, dockmaster, proxy) {
  const client = await dockmaster.client();
  const { id } = await client.json({ path: '/api/v1/me' });
  const body = { name: 'bench', subject: { kind: 'user', id }, engine: 'local' };
  const { path: socketPath } = await client.json({ method: 'POST', path: '/api/v1/scoped-sockets', body });
  const way = (address, pid, prefix = '', headers = {}) => ({
    client: new HttpClient(address, headers),
    prefix,
    pid,
  });
  const ways = {
    engine: way({ socketPath: engine.socketPath }, engine.daemonPid),
    ...(proxy ? { HAProxy: way({ socketPath: proxy.socketPath }, proxy.pid) } : {}),
    'door, by path': way(client.address, dockmaster.pid, '/docker/local', client.headers),
    'door, scoped socket': way({ socketPath }, dockmaster.pid),
  };
  return { ways, client, socketPath };
}

async function rates(ways, { engine, quick, say }) {
  const ids = await createContainers(engine, CONTAINERS);
  await startContainers(engine, ids.slice(0, RUNNING));
  const questions = {
    ping: '/_ping',
    list: '/v1.41/containers/json?all=1',
    inspect: `/v1.41/containers/${ids[0]}/json`,
  };
  const rows = [];
  for (const [question, path] of Object.entries(questions)) {
    say(question);
    const contestants = Object.entries(ways).map(([name, { client, prefix, pid }]) => [
      name,
      { ask: () => client.size({ path: prefix + path }), pid },
    ]);
    const measured = await measureRates(Object.fromEntries(contestants), { quick });
    rows.push(...measured.map((row) => ({ question, ...row })));
  }
  return {
    title: `Requests of ${CONTAINERS} containers, 8 at a time; ratio: requests/s to those of the engine's socket; CPU: of the process asked`,
    columns: [{ key: 'question', title: 'request' }, ...RATE_COLUMNS],
    rows,
  };
}

async function throughput(ways, { engine, quick, say }) {
  const megabytes = quick ? 16 : 128;
  const lines = Math.round((megabytes * MIB) / LINE.length);
  say(`a log, a file and an image of ${megabytes} MiB`);
  const script = `yes '${LINE.trimEnd()}' | head -n ${lines}; dd if=/dev/zero of=/big bs=1M count=${megabytes} 2>/dev/null`;
  const id = await runContainer(engine, { Cmd: ['sh', '-c', script] });
  await waitForContainer(engine, id);
  const { client } = ways.engine;
  await client.size({ method: 'POST', path: `/commit?container=${id}&repo=bench-door&tag=latest` });
  const paths = {
    logs: `/v1.41/containers/${id}/logs?stdout=1&stderr=1`,
    'archive get': `/v1.41/containers/${id}/archive?path=/big`,
    save: '/v1.41/images/bench-door:latest/get',
  };
  const rows = [];
  for (const [what, path] of Object.entries(paths)) {
    say(what);
    const contestants = Object.entries(ways).map(([name, { client: asking, prefix }]) => [
      name,
      async () => {
        const begin = performance.now();
        const bytes = await asking.size({ path: prefix + path });
        return { speed: bytes / 1e6 / ((performance.now() - begin) / 1000), bytes };
      },
    ]);
    const results = await takeTurns(Object.fromEntries(contestants), quick ? 2 : 4);
    const speeds = (name) => results[name].map(({ speed }) => speed);
    for (const name of Object.keys(ways)) {
      const compared = compareRounds(speeds(name), speeds('engine'));
      rows.push({ what, via: name, speed: median(speeds(name)), ...compared, bytes: results[name][0].bytes });
    }
  }
  await client.size({ method: 'DELETE', path: '/images/bench-door:latest?force=1' });
  return {
    title: 'Streams, MB/s',
    columns: [
      { key: 'what', title: 'stream' },
      { key: 'via', title: 'via' },
      { key: 'speed', title: 'MB/s', digits: 0 },
      { key: 'ratio', title: 'ratio', digits: 2 },
      { key: 'range', title: 'in rounds' },
      { key: 'bytes', title: 'answer MB', digits: 0, scale: 1e-6 },
    ],
    rows,
  };
}

/** By the docker command, as people do it. */
async function gigabyte({ engine, pid, socketPath, quick, say }) {
  const megabytes = quick ? 128 : 1024;
  say(`${megabytes} MiB by docker cp and docker save`);
  const script = `dd if=/dev/zero of=/big bs=1M count=${megabytes} 2>/dev/null`;
  const id = await runContainer(engine, { Cmd: ['sh', '-c', script] });
  // The engine lets nothing into a container while something of it is read: from one into itself, both would wait for ever.
  const other = await createContainer(engine);
  const direct = new HttpClient({ socketPath: engine.socketPath });
  for (const path of [`/containers/${id}/wait`, `/commit?container=${id}&repo=bench-gigabyte&tag=latest`])
    await direct.size({ method: 'POST', path });
  const commands = {
    'docker cp, out': `docker cp ${id}:/big - > /dev/null`,
    'docker cp, out and in': `docker cp ${id}:/big - | docker cp - ${other}:/`,
    'docker save': 'docker save bench-gigabyte:latest > /dev/null',
  };
  const rows = [];
  for (const [what, command] of Object.entries(commands)) {
    say(what);
    rows.push({ what, ...(await held(pid, command, socketPath)), bytes: megabytes * MIB });
  }
  await direct.size({ method: 'DELETE', path: '/images/bench-gigabyte:latest?force=1' });
  direct.close();
  return {
    title:
      'What Dockmaster holds while much passes through a scoped socket: resident memory, at its most over what it was before',
    columns: [
      { key: 'what', title: 'command' },
      { key: 'bytes', title: 'MB passed', digits: 0, scale: 1e-6 },
      { key: 'seconds', title: 's', digits: 1 },
      { key: 'before', title: 'before, MB', digits: 0, scale: 1e-6 },
      { key: 'growth', title: 'growth, MB', digits: 0, scale: 1e-6 },
    ],
    rows,
  };
}

async function held(pid, command, socketPath) {
  const before = residentBytes(pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, residentBytes(pid))), 50);
  const begin = performance.now();
  const env = { PATH: process.env.PATH, DOCKER_HOST: `unix://${socketPath}`, HOME: '/nonexistent' };
  const child = spawn('sh', ['-c', command], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'close');
  clearInterval(watch);
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return { seconds: (performance.now() - begin) / 1000, before, growth: most - before };
}

/** HAProxy as people put it in front of an engine that needs no rights: bytes in, bytes out. */
class Proxy {
  #directory = mkdtempSync(join(tmpdir(), 'bench-haproxy-'));
  #child;

  static async start(target) {
    const proxy = new Proxy();
    const config = `global
  maxconn 200
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen engine
  bind unix@${proxy.socketPath}
  server engine unix@${target}
`;
    const file = join(proxy.#directory, 'haproxy.cfg');
    writeFileSync(file, config);
    proxy.#child = spawn('haproxy', ['-f', file, '-db'], { stdio: 'ignore' });
    await eventually(
      () => existsSync(proxy.socketPath),
      () => 'haproxy did not start',
    );
    return proxy;
  }

  get socketPath() {
    return join(this.#directory, 'haproxy.sock');
  }

  get pid() {
    return this.#child.pid;
  }

  async stop() {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
