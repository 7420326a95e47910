/** Reading the whole log of a container that has ended, in MB of log text per second, beside the engine's own stream. */
import { HttpClient } from './http-client.mjs';
import { compareRounds, median, takeTurns } from './rounds.mjs';
import { runContainer, waitForContainer } from './test-containers.mjs';

/** 100 bytes with its end: an access log's usual line. */
const LINE = `${'GET /api/v1/engines/local/containers?limit=200 HTTP/1.1" 200 18231 "-" "curl/8.5.0" 0.0123 '.padEnd(99, 'x')}\n`;
/** What the engine puts before each line of a container without a terminal: stream and length (Engine API, ContainerAttach). */
const FRAME_HEADER = 8;
const TIMESTAMP = '2026-01-31T12:00:00.123456789Z';
const NDJSON_LINE = `${JSON.stringify({ stream: 'stdout', message: LINE.trimEnd(), timestamp: TIMESTAMP })}\n`;

/** @param {import('./main.mjs').Bench} bench */
export async function measureLogs({ engine, startDockmaster, quick, say }) {
  const lines = Math.round(((quick ? 16 : 64) * 2 ** 20) / LINE.length);
  const text = lines * LINE.length;
  say(`a container writes ${lines} lines, ${(text / 1e6).toFixed(0)} MB`);
  const id = await runContainer(engine, {
    Cmd: ['sh', '-c', `yes '${LINE.trimEnd()}' | head -n ${lines}`],
  });
  await waitForContainer(engine, id);

  const raw = new HttpClient({ socketPath: engine.socketPath });
  const dockmaster = await startDockmaster();
  const client = await dockmaster.client();
  const path = (timestamps) =>
    `/api/v1/engines/local/containers/${id}/logs?follow=false&timestamps=${timestamps}`;
  const rawPath = `/containers/${id}/logs?stdout=1&stderr=1&follow=0`;
  const reading = (reader, request, lineBytes) => async () => {
    const begin = performance.now();
    const bytes = await reader.size(request);
    const seconds = (performance.now() - begin) / 1000;
    if (bytes !== lines * lineBytes)
      throw new Error(`${request.path}: ${bytes} bytes instead of ${lines * lineBytes}`);
    return { megabytesPerSecond: text / 1e6 / seconds, bytes };
  };
  const contestants = {
    engine: reading(raw, { path: rawPath }, FRAME_HEADER + LINE.length),
    // What Dockmaster reads itself: it needs the time stamps to tell lines apart.
    'engine, with timestamps': reading(
      raw,
      { path: `${rawPath}&timestamps=1` },
      FRAME_HEADER + TIMESTAMP.length + 1 + LINE.length,
    ),
    'REST text/plain': reading(client, { path: path(false), headers: { accept: 'text/plain' } }, LINE.length),
    'REST NDJSON': reading(
      client,
      { path: path(true), headers: { accept: 'application/x-ndjson' } },
      NDJSON_LINE.length,
    ),
  };
  say('warming up');
  for (const read of Object.values(contestants)) await read();
  say('reading');
  const results = await takeTurns(contestants, 3);
  raw.close();
  client.close();
  await dockmaster.stop();

  const speeds = (name) => results[name].map(({ megabytesPerSecond }) => megabytesPerSecond);
  return [
    {
      title: `Logs, ${(text / 1e6).toFixed(0)} MB in lines of ${LINE.length} bytes; MB of log text per second`,
      columns: [
        { key: 'via', title: 'via' },
        { key: 'megabytesPerSecond', title: 'MB/s', digits: 1 },
        { key: 'ratio', title: 'ratio', digits: 2 },
        { key: 'range', title: 'in rounds' },
        { key: 'bytes', title: 'answer MB', digits: 0, scale: 1e-6 },
      ],
      rows: Object.keys(contestants).map((name) => ({
        via: name,
        megabytesPerSecond: median(speeds(name)),
        ...compareRounds(speeds(name), speeds('engine')),
        bytes: results[name][0].bytes,
      })),
    },
  ];
}
