/** How much memory Dockmaster takes while a large volume goes through it: out as a backup, and in again. */
import { createHash } from 'node:crypto';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from './process-usage.mjs';
import { runContainer, waitForContainer } from './test-containers.mjs';

const MIB = 2 ** 20;
const LOOK_EVERY_MS = 50;
const SETTLE_MS = 3_000;
const SMALL_MIB = 16;

/** @param {import('./main.mjs').Bench} bench */
export async function measureMemory({ engine, startDockmaster, quick, say }) {
  const size = quick ? 256 : 2_048;
  for (const [name, mebibytes] of [
    ['small', SMALL_MIB],
    ['large', size],
  ])
    await fill(engine, name, mebibytes);
  const rows = [];
  for (const warm of [false, true]) {
    for (const compression of ['none', 'gzip']) {
      const dockmaster = await startDockmaster();
      const client = await dockmaster.client();
      if (warm) {
        for (let round = 0; round < 3; round++) {
          say(`${SMALL_MIB} MiB to warm up`);
          await roundTrip(dockmaster, client, 'small', compression);
        }
      }
      say(`${size} MiB, ${compression}, ${warm ? 'warm' : 'cold'}`);
      rows.push({
        what: `${size} MiB, ${compression}, ${warm ? 'warm' : 'cold'}`,
        ...(await roundTrip(dockmaster, client, 'large', compression)),
      });
      client.close();
      await dockmaster.stop();
    }
  }
  return [
    {
      title: 'Growth of memory (RSS, highest seen) while a volume is backed up and restored',
      columns: [
        { key: 'what', title: 'volume' },
        { key: 'backup', title: 'backup MiB', digits: 1 },
        { key: 'restore', title: 'restore MiB', digits: 1 },
        { key: 'megabytesPerSecond', title: 'backup MB/s', digits: 0 },
      ],
      rows,
    },
  ];
}

async function fill(engine, volume, mebibytes) {
  await engine.call('POST', '/volumes/create', { body: { Name: volume } });
  const id = await runContainer(engine, {
    // Nothing that compresses well.
    Cmd: ['sh', '-c', `head -c ${mebibytes * MIB} /dev/urandom > /data/file`],
    HostConfig: { Binds: [`${volume}:/data`] },
  });
  await waitForContainer(engine, id);
}

/** Pipes the backup of a volume into the restore of a new one, and compares what was sent with what came. */
async function roundTrip(dockmaster, client, volume, compression) {
  const path = `/api/v1/engines/local/volumes/${volume}/backup?compression=${compression}`;
  const begin = performance.now();
  let bytes = 0;
  const backup = await growthDuring(dockmaster.pid, async () => {
    const answer = await client.open({ path });
    for await (const chunk of answer) bytes += chunk.length;
  });
  const seconds = (performance.now() - begin) / 1000;
  const restore = await growthDuring(dockmaster.pid, async () => {
    const hash = createHash('sha256');
    const answer = await client.open({ path });
    const copy = `${volume}-copy`;
    const { sha256 } = await upload(client, `/api/v1/engines/local/volumes/${copy}/restore`, answer, hash);
    if (sha256 !== hash.digest('hex')) throw new Error(`${volume} was not restored as it was sent`);
    await client.open({ method: 'DELETE', path: `/api/v1/engines/local/volumes/${copy}` });
  });
  return { backup, restore, megabytesPerSecond: bytes / 1e6 / seconds };
}

/** @returns {Promise<number>} in MiB */
async function growthDuring(pid, work) {
  await sleep(SETTLE_MS);
  const before = residentBytes(pid);
  let most = before;
  const looking = setInterval(() => (most = Math.max(most, residentBytes(pid))), LOOK_EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(looking);
  }
  return (most - before) / MIB;
}

function upload(client, path, source, hash) {
  const headers = { 'content-type': 'application/octet-stream', ...client.headers };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...client.address, method: 'PUT', path, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => {
        if (answer.statusCode >= 400) reject(new Error(`${path}: ${answer.statusCode} ${text}`));
        else resolve(JSON.parse(text));
      });
    });
    request.once('error', reject);
    source.on('data', (chunk) => hash.update(chunk));
    source.once('error', reject);
    source.pipe(request);
  });
}
