import { describe, expect, it } from '@jest/globals';
import { MAX_LINE_BYTES, serviceLogLines, type ServiceLogLine } from './service-log-lines.js';
import { collect, everyCut, frame, source } from './wire.fixture.js';

const T1 = '2026-01-02T03:04:05.000000001Z';
const T2 = '2026-01-02T03:04:05.000000002Z';
const of = (task: string) =>
  `com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s1,com.docker.swarm.task.id=${task}`;
const line = (taskId: string, message: string, rest: Partial<ServiceLogLine> = {}) => ({
  stream: 'stdout',
  timestamp: T1,
  taskId,
  nodeId: 'n1',
  message,
  ...rest,
});

async function lines(chunks: Buffer[], tty = false): Promise<ServiceLogLine[]> {
  return (await collect(serviceLogLines(source(...chunks), { tty }))).flat();
}

describe('the log of a service', () => {
  it('is the same lines, each with its task and node, wherever the stream is cut', async () => {
    const bytes = Buffer.concat([
      frame('stdout', `${T1} ${of('a')} first\n`),
      frame('stderr', `${T2} ${of('b')} schön 🐳\n`),
      frame('stdout', `${T1} ${of('a')} \n`),
      frame('stdout', `${T1} ${of('a')} com.docker.swarm.task.id=forged text\n`),
    ]);
    for (const chunks of everyCut(bytes)) {
      expect(await lines(chunks)).toEqual([
        line('a', 'first'),
        line('b', 'schön 🐳', { stream: 'stderr', timestamp: T2 }),
        line('a', ''),
        line('a', 'com.docker.swarm.task.id=forged text'),
      ]);
    }
  });

  it('takes other details that a log driver was told to keep for what they are', async () => {
    const details = `com.docker.swarm.node.id=n1,com.docker.swarm.task.id=a,env=x%20y`;
    expect(await lines([frame('stdout', `${T1} ${details} text\n`)])).toEqual([line('a', 'text')]);
  });

  it('puts long lines of several tasks together that come in turns', async () => {
    const whale = Buffer.from('🐳');
    const bytes = Buffer.concat([
      frame('stdout', Buffer.concat([Buffer.from(`${T1} ${of('a')} one `), whale.subarray(0, 2)])),
      frame('stdout', `${T1} ${of('b')} other `),
      frame(
        'stdout',
        Buffer.concat([Buffer.from(`${T2} ${of('a')} `), whale.subarray(2), Buffer.from('\n')]),
      ),
      frame('stdout', `${T2} ${of('b')} end\n`),
    ]);
    for (const chunks of everyCut(bytes))
      expect(await lines(chunks)).toEqual([line('a', 'one 🐳'), line('b', 'other end')]);
  });

  it('ends with what was written without a newline', async () => {
    expect(await lines([frame('stdout', `${T1} ${of('a')} last words`)])).toEqual([line('a', 'last words')]);
  });

  it('hands a line that never ends on in pieces, and holds no more than that', async () => {
    const part = 'x'.repeat(16 * 1024);
    const chunks = Array.from({ length: 100 }, () => frame('stdout', `${T1} ${of('a')} ${part}`));
    const pieces = await lines(chunks);
    expect(pieces.map(({ message }) => message.length)).toEqual([MAX_LINE_BYTES, 36 * 16 * 1024]);
  });

  it('holds long lines of many tasks within a limit', async () => {
    const part = 'x'.repeat(512 * 1024);
    const chunks = Array.from({ length: 40 }, (_, task) =>
      frame('stdout', `${T1} ${of(`t${task}`)} ${part}`),
    );
    const batches = await collect(serviceLogLines(source(...chunks), { tty: false }));
    // Of 20 MiB no more than 8 are left for when the log ends.
    const last = batches.at(-1) ?? [];
    expect(batches.flat()).toHaveLength(40);
    expect(last.length).toBeLessThanOrEqual(16);
  });

  it('gives the lines before a failure that the engine tells of, then fails with it', async () => {
    const seen: ServiceLogLine[] = [];
    const reading = (async () => {
      const chunks = [
        frame('stdout', `${T1} ${of('a')} whole\n`),
        frame('systemError', 'warning: incomplete log stream: node n2 is not available'),
      ];
      for await (const batch of serviceLogLines(source(...chunks), { tty: false })) seen.push(...batch);
    })();
    await expect(reading).rejects.toMatchObject({
      kind: 'engine_error',
      message: expect.stringContaining('incomplete log stream'),
    });
    expect(seen.map(({ message }) => message)).toEqual(['whole']);
  });
});

describe('the log of a service with terminals', () => {
  it('is the same lines of the console wherever the stream is cut', async () => {
    const bytes = Buffer.from(`${T1} ${of('a')} first\r\n${T2} ${of('b')} \r\n${T1} ${of('a')} last`);
    for (const chunks of everyCut(bytes)) {
      expect(await lines(chunks, true)).toEqual([
        line('a', 'first', { stream: 'console' }),
        line('b', '', { stream: 'console', timestamp: T2 }),
        line('a', 'last', { stream: 'console' }),
      ]);
    }
  });

  it('takes out what leads a message where the engine cut a long line', async () => {
    const bytes = Buffer.from(`${T1} ${of('a')} one ${T2} ${of('a')} line\r\n`);
    expect(await lines([bytes], true)).toEqual([line('a', 'one line', { stream: 'console' })]);
  });
});
