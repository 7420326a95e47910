import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'graphql-ws';
import type { ContainerStats } from '../src/containers/stats.model.js';
import { Streams } from '../src/streams/streams.js';
import { type TestActor, TestApp } from './support/app.js';
import { diskOf } from './support/disk.js';
import { EngineProxy } from './support/engine-proxy.js';
import { eventually } from './support/eventually.js';
import { HttpStream, type StreamType } from './support/http-stream.js';
import { sharedEngine } from './support/shared-peers.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestContainers } from './support/test-containers.js';

interface Line {
  readonly stream: string;
  readonly message: string;
  readonly timestamp: string | null;
}

const LOGS = `subscription ($id: String!, $tail: Int) {
  containerLogs(engine: "local", id: $id, follow: true, tail: $tail) { stream message timestamp }
}`;
const STATS = `subscription ($id: String!) {
  containerStats(engine: "local", id: $id) {
    readAt cpuPercent pids memory { usage limit percent }
    network { rxBytes txBytes rxRate txRate } blockIo { readBytes writeBytes readRate writeRate }
  }
}`;

describe('streams', () => {
  let proxy: EngineProxy;
  let app: TestApp;
  let admin: TestActor;
  let client: Client;
  let containers: TestContainers;

  beforeAll(async () => {
    proxy = await EngineProxy.start(sharedEngine().socketPath);
    app = await TestApp.start({ dockerHost: proxy.dockerHost });
    admin = await app.admin();
    client = graphqlClient(app, admin);
    containers = new TestContainers(app, admin);
  });
  afterAll(async () => {
    await client.dispose();
    await containers.removeAll();
    await app.stop();
    await proxy.stop();
  });

  const upstreams = () => app.nest.get(Streams, { strict: false }).activeUpstreams();
  const open = (path: string, accept?: StreamType, actor = admin) =>
    HttpStream.open(`${app.url}${containers.path}/${path}`, { actor, ...(accept ? { accept } : {}) });
  const run = (script: string, options: Parameters<TestContainers['run']>[0] = {}) =>
    containers.run({ command: ['sh', '-c', script], ...options });
  const linesOf = ({ events }: HttpStream) =>
    events.filter(({ event }) => event === 'log').map(({ data }) => data as Line);
  const samplesOf = ({ events }: HttpStream) =>
    events.filter(({ event }) => event === 'stats').map(({ data }) => data as ContainerStats);

  describe('three viewers of one log', () => {
    /** 1,000 lines of 8 kB: more than the sockets' buffers and the shared ring hold for a viewer that does not read. */
    const WRITER =
      "pad=$(head -c 8000 /dev/zero | tr '\\0' x); i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo $i $pad; " +
      '[ $((i % 10)) -ne 0 ] || usleep 10000; done; exec sleep 600';
    const ALL = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const numbers = (lines: readonly Line[]) =>
      lines.map(({ message }) => Number(message.slice(0, message.indexOf(' '))));

    it('get 1,000 lines each exactly once and in order, one of them late and one of them slow, from one upstream', async () => {
      const { id } = await run(WRITER);
      const byGraphql = subscribe<Line>(client, LOGS, { id });
      const slow = await open(`${id}/logs?follow=true`, 'application/x-ndjson');
      slow.pause();
      await byGraphql.until((lines) => lines.length >= 200);
      const late = await open(`${id}/logs?follow=true`, 'text/event-stream');

      await byGraphql.until((lines) => lines.length >= 1_000);
      await late.until((stream) => linesOf(stream).length >= 1_000);
      expect(upstreams().logs).toBe(1);
      slow.resume();
      await slow.until(({ lines }) => lines.length >= 1_000);
      expect(proxy.asked(new RegExp(`/${id}/logs.*follow=true`))).toHaveLength(1);

      await app.rest(admin).post(`${containers.path}/${id}/kill`).expect(204);
      await Promise.all([byGraphql.ended, late.ended, slow.ended]);
      expect(numbers(byGraphql.values)).toEqual(ALL);
      expect(numbers(linesOf(late))).toEqual(ALL);
      expect(numbers(slow.documents as Line[])).toEqual(ALL);
      expect(late.events.at(-1)).toEqual({ event: 'end', data: {} });
      expect(byGraphql.errors).toEqual([]);
    });

    it('leave, and soon after the last of them the upstream is closed', async () => {
      const { id } = await run('echo hello; exec sleep 600');
      const followed = new RegExp(`/${id}/logs.*follow=true`);
      const byGraphql = subscribe<Line>(client, LOGS, { id });
      const vanishing = graphqlClient(app, admin);
      const lost = subscribe<Line>(vanishing, LOGS, { id });
      const sse = await open(`${id}/logs?follow=true`, 'text/event-stream');
      const ndjson = await open(`${id}/logs?follow=true`, 'application/x-ndjson');
      await byGraphql.until((lines) => lines.length === 1);
      await lost.until((lines) => lines.length === 1);
      await sse.until((stream) => linesOf(stream).length === 1);
      await ndjson.until(({ lines }) => lines.length === 1);

      byGraphql.unsubscribe();
      vanishing.terminate();
      sse.vanish();
      expect(proxy.open(followed)).toBe(1);
      ndjson.vanish();
      await eventually(
        () => proxy.open(followed),
        (count) => count === 0,
      );
      expect(upstreams().logs).toBe(0);
    });
  });

  describe('a log', () => {
    it('tells output and error output apart', async () => {
      const { id } = await run('echo out; echo err >&2; exec sleep 600');
      await containers.said(id, 'err');
      const read = async (query: string) => {
        const { documents } = await ended(await open(`${id}/logs?${query}`));
        return (documents as Line[]).map(({ stream, message }) => `${stream} ${message}`).sort();
      };
      expect(await read('')).toEqual(['stderr err', 'stdout out']);
      expect(await read('stdout=true')).toEqual(['stdout out']);
      expect(await read('stderr=true')).toEqual(['stderr err']);
      expect(await read('stdout=false')).toEqual(['stderr err']);
    });

    it('is of the stream console where the container has a terminal', async () => {
      const { id } = await run('echo out; echo err >&2; exec sleep 600', { tty: true });
      await containers.said(id, 'err');
      const { documents } = await ended(await open(`${id}/logs`));
      expect(documents).toEqual([
        { stream: 'console', message: 'out', timestamp: expect.any(String) },
        { stream: 'console', message: 'err', timestamp: expect.any(String) },
      ]);
      const byGraphql = subscribe<Line>(client, LOGS, { id });
      await byGraphql.until((lines) => lines.length === 2);
      expect(byGraphql.values).toMatchObject([{ stream: 'console' }, { stream: 'console' }]);
      byGraphql.unsubscribe();
    });

    it('can be cut to its last lines and to a span of time', async () => {
      const { id } = await run('for i in 1 2 3 4 5; do echo $i; usleep 20000; done; exec sleep 600');
      await containers.said(id, '5');
      const read = async (query: string) =>
        (await ended(await open(`${id}/logs?${query}`))).documents as Line[];
      const messages = async (query: string) => (await read(query)).map(({ message }) => message);

      const all = await read('tail=all');
      expect(all.map(({ message }) => message)).toEqual(['1', '2', '3', '4', '5']);
      const at = (index: number) => encodeURIComponent(all[index]?.timestamp ?? '');
      expect(await messages('tail=2')).toEqual(['4', '5']);
      expect(await messages('tail=0')).toEqual([]);
      expect(await messages(`since=${at(2)}`)).toEqual(['3', '4', '5']);
      expect(await messages(`until=${at(1)}`)).toEqual(['1', '2']);
      expect(await messages(`since=${at(1)}&until=${at(3)}`)).toEqual(['2', '3', '4']);
      expect(await messages(`since=${at(1)}&tail=1`)).toEqual(['5']);
    });

    it('goes on from its last lines where it is followed', async () => {
      const { id } = await run(
        "echo one; echo two; trap 'echo three; exit 0' TERM; echo ready; while :; do sleep 0.05; done",
      );
      await containers.said(id, 'ready');
      const byGraphql = subscribe<Line>(client, LOGS, { id, tail: 1 });
      const sse = await open(`${id}/logs?follow=true&tail=1`, 'text/event-stream');
      await byGraphql.until((lines) => lines.length === 1);
      await sse.until((stream) => linesOf(stream).length === 1);
      await app.rest(admin).post(`${containers.path}/${id}/stop`).expect(204);
      await Promise.all([byGraphql.ended, sse.ended]);
      expect(byGraphql.values.map(({ message }) => message)).toEqual(['ready', 'three']);
      expect(linesOf(sse).map(({ message }) => message)).toEqual(['ready', 'three']);
    });

    it('comes as plain text too, with time stamps where they are asked for', async () => {
      const { id } = await run('echo one; echo two; exec sleep 600');
      await containers.said(id, 'two');
      const plain = await ended(await open(`${id}/logs`, 'text/plain'));
      expect(plain.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(plain.text).toBe('one\ntwo\n');
      const stamped = await ended(await open(`${id}/logs?timestamps=true`, 'text/plain'));
      expect(stamped.lines).toEqual([
        expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z one$/),
        expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z two$/),
      ]);
    });

    it('that is not followed ends with what there is, also of a container that has stopped', async () => {
      const { id } = await run('echo last words');
      await app.rest(admin).post(`${containers.path}/${id}/wait`).expect(200);
      for (const query of ['follow=false', 'follow=true']) {
        const stream = await ended(await open(`${id}/logs?${query}`, 'text/event-stream'));
        expect(stream.events).toEqual([
          { event: 'log', data: expect.objectContaining({ stream: 'stdout', message: 'last words' }) },
          { event: 'end', data: {} },
        ]);
      }
    });

    it('ends in order when its container is removed', async () => {
      const { id } = await run('echo one; exec sleep 600');
      const byGraphql = subscribe<Line>(client, LOGS, { id });
      const sse = await open(`${id}/logs?follow=true`, 'text/event-stream');
      const ndjson = await open(`${id}/logs?follow=true`, 'application/x-ndjson');
      await byGraphql.until((lines) => lines.length === 1);
      await sse.until((stream) => linesOf(stream).length === 1);
      await ndjson.until(({ lines }) => lines.length === 1);
      await app.rest(admin).delete(`${containers.path}/${id}`).query({ force: true }).expect(204);
      expect(await Promise.all([byGraphql.ended, sse.ended, ndjson.ended])).toEqual([undefined, true, true]);
      expect(byGraphql.errors).toEqual([]);
      expect(sse.events.at(-1)).toEqual({ event: 'end', data: {} });
      expect(ndjson.lines).toHaveLength(1);
    });
  });

  describe('stats', () => {
    /** Writes files, reads them back past the cache, and has traffic with the bridge. */
    const BUSY =
      "gateway=$(ip route | awk '/default/ { print $3 }'); ping -i 0.02 $gateway >/dev/null & " +
      'while :; do dd if=/dev/zero of=/data/file bs=64k count=16 conv=fsync 2>/dev/null; ' +
      'dd if=/data/file of=/dev/null bs=64k iflag=direct 2>/dev/null; done';
    const disk = diskOf(sharedEngine().directory);
    // Kernels since 6.10 count a disk's traffic under cgroup v1 only where it has a limit.
    const limit = disk === undefined ? [] : [{ path: disk, rate: 1e12 }];
    const busy = () =>
      run(BUSY, {
        mounts: [{ type: 'volume', target: '/data' }],
        resources: { blkioReadBytesPerSecond: limit, blkioWriteBytesPerSecond: limit },
      });

    it('of a busy container move: CPU, memory, network and block I/O, counters and rates', async () => {
      const { id } = await busy();
      const byGraphql = subscribe<ContainerStats>(client, STATS, { id });
      const samples = await byGraphql.until((all) => all.length >= 4);
      byGraphql.unsubscribe();
      const [first, ...later] = samples;
      expect(first).toMatchObject({
        network: { rxRate: null, txRate: null },
        blockIo: { readRate: null, writeRate: null },
      });
      for (const sample of later) {
        expect(sample.network).toMatchObject({ rxRate: expect.any(Number), txRate: expect.any(Number) });
        expect(sample.blockIo).toMatchObject({ readRate: expect.any(Number), writeRate: expect.any(Number) });
      }
      const last = samples.at(-1);
      if (!first || !last) throw new Error('no samples');
      expect(Date.parse(last.readAt)).toBeGreaterThan(Date.parse(first.readAt));
      expect(last.cpuPercent).toBeGreaterThan(0);
      expect(last.pids).toBeGreaterThan(1);
      expect(last.memory.usage).toBeGreaterThan(0);
      expect(last.memory.percent).toBeCloseTo((last.memory.usage / last.memory.limit) * 100);
      expect(last.network.rxBytes).toBeGreaterThan(first.network.rxBytes);
      expect(last.network.txBytes).toBeGreaterThan(first.network.txBytes);
      expect(last.network.rxRate).toBeGreaterThan(0);
      expect(last.network.txRate).toBeGreaterThan(0);
      if (disk === undefined) return; // without one the kernel counts nothing
      expect(last.blockIo.writeBytes).toBeGreaterThan(first.blockIo.writeBytes);
      expect(last.blockIo.readBytes).toBeGreaterThan(first.blockIo.readBytes);
      expect(last.blockIo.readRate).toBeGreaterThan(0);
      expect(last.blockIo.writeRate).toBeGreaterThan(0);
    });

    it('come to all viewers from one upstream, by subscription, event stream and NDJSON', async () => {
      const { id } = await busy();
      const byGraphql = subscribe<ContainerStats>(client, STATS, { id });
      const sse = await open(`${id}/stats`, 'text/event-stream');
      const ndjson = await open(`${id}/stats`, 'application/x-ndjson');
      await byGraphql.until((samples) => samples.length >= 2);
      await sse.until((stream) => samplesOf(stream).length >= 2);
      await ndjson.until(({ lines }) => lines.length >= 2);
      expect(upstreams().stats).toBe(1);
      expect(proxy.asked(new RegExp(`/${id}/stats`))).toHaveLength(1);
      const seen = samplesOf(sse).map(({ readAt }) => readAt);
      expect(seen).toEqual(expect.arrayContaining([(ndjson.documents as ContainerStats[])[1]?.readAt]));
      byGraphql.unsubscribe();
      sse.vanish();
      ndjson.vanish();
      await eventually(
        () => [upstreams().stats, proxy.open(new RegExp(`/${id}/stats`))],
        ([shared, onEngine]) => shared === 0 && onEngine === 0,
      );
    });

    it('end after one complete sample where no stream is asked for', async () => {
      const { id } = await busy();
      const ndjson = await ended(await open(`${id}/stats?stream=false`));
      expect(ndjson.documents).toEqual([
        expect.objectContaining({
          cpuPercent: expect.any(Number),
          network: expect.objectContaining({ rxRate: expect.any(Number), txRate: expect.any(Number) }),
          blockIo: expect.objectContaining({ writeRate: expect.any(Number) }),
        }),
      ]);
      const sse = await ended(await open(`${id}/stats?stream=false`, 'text/event-stream'));
      expect(sse.events.map(({ event }) => event)).toEqual(['stats', 'end']);
    });

    it('are zeros while a container is stopped, and end when it is removed', async () => {
      const { id } = await containers.create();
      const sse = await open(`${id}/stats`, 'text/event-stream');
      const byGraphql = subscribe<ContainerStats>(client, STATS, { id });
      await sse.until((stream) => samplesOf(stream).length >= 2);
      await byGraphql.until((samples) => samples.length >= 1);
      expect(samplesOf(sse)[1]).toMatchObject({
        cpuPercent: 0,
        pids: 0,
        memory: { usage: 0, limit: 0, percent: 0 },
        network: { rxBytes: 0, txBytes: 0 },
        blockIo: { readBytes: 0, writeBytes: 0 },
      });
      const single = await ended(await open(`${id}/stats?stream=false`));
      expect(single.documents).toHaveLength(1);

      await app.rest(admin).delete(`${containers.path}/${id}`).expect(204);
      await Promise.all([sse.ended, byGraphql.ended]);
      expect(sse.events.at(-1)).toEqual({ event: 'end', data: {} });
      expect(byGraphql.errors).toEqual([]);
    });
  });

  describe('what a client accepts', () => {
    it.each([
      ['logs', 'text/event-stream', 'text/event-stream'],
      ['logs', 'application/json;q=0, application/x-ndjson', 'application/x-ndjson'],
      ['logs', 'text/plain', 'text/plain; charset=utf-8'],
      ['logs', '*/*', 'application/x-ndjson'],
      ['stats?stream=false', 'text/event-stream', 'text/event-stream'],
      ['stats?stream=false', '*/*', 'application/x-ndjson'],
    ])('decides on the form of %s: %s gives %s', async (what, accept, given) => {
      const { id } = await containers.create();
      const answer = await app.rest(admin).get(`${containers.path}/${id}/${what}`).set('accept', accept);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, given]);
    });

    it.each([
      ['logs', 'application/xml'],
      ['stats', 'text/plain'],
      ['stats', 'image/png, application/json'],
    ])('may be nothing that %s can give: %s is answered with 406', async (what, accept) => {
      const { id } = await containers.create();
      const answer = await app.rest(admin).get(`${containers.path}/${id}/${what}`).set('accept', accept);
      expect(answer.status).toBe(406);
      expect(answer.body).toMatchObject({ code: 'not_acceptable', status: 406 });
    });

    it('is not asked before it is known who asks, and for what', async () => {
      const { id } = await containers.create();
      const nobody = await HttpStream.open(`${app.url}${containers.path}/${id}/logs?follow=true`);
      expect(nobody.status).toBe(401);
      const nothing = await open('no-such-container/logs?follow=true', 'text/event-stream');
      expect([nothing.status, nothing.headers['content-type']]).toEqual([
        404,
        expect.stringContaining('application/problem+json'),
      ]);
    });
  });
});

/** Reads a stream to its end. */
async function ended(stream: HttpStream): Promise<HttpStream> {
  if (!(await stream.ended)) throw new Error(`the answer was cut: ${stream.text.slice(-500)}`);
  return stream;
}
