import { describe, expect, it } from '@jest/globals';
import { logLines, MAX_LINE_BYTES, type LogLine } from './log-lines.js';
import { collect, everyCut, frame, source } from './wire.fixture.js';

const T1 = '2026-01-02T03:04:05.000000001Z';
const T2 = '2026-01-02T03:04:05.000000002Z';
const T3 = '2026-01-02T03:04:05.000000003Z';
const ENGINE_MESSAGE = 16 * 1024;

describe('the log of a container without a TTY', () => {
  it('is the same lines wherever the stream is cut', async () => {
    const bytes = Buffer.concat([
      frame('stdout', `${T1} first\n`),
      frame('stderr', `${T2} schön 🐳\n`),
      frame('stdout', `${T3} \n`),
      frame('stdout', `${T3} keeps its return\r\n`),
    ]);

    for (const chunks of everyCut(bytes)) {
      expect(await lines(chunks, false)).toEqual([
        { stream: 'stdout', timestamp: T1, message: 'first' },
        { stream: 'stderr', timestamp: T2, message: 'schön 🐳' },
        { stream: 'stdout', timestamp: T3, message: '' },
        { stream: 'stdout', timestamp: T3, message: 'keeps its return\r' },
      ]);
    }
  });

  it('comes in one batch for each read', async () => {
    const two = Buffer.concat([frame('stdout', `${T1} a\n`), frame('stdout', `${T2} b\n`)]);

    const batches = await collect(logLines(source(two, two), { tty: false }));

    expect(batches.map((batch) => batch.map(({ message }) => message))).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  it('joins the messages into which the engine cut a long line, whatever else comes between', async () => {
    const bytes = Buffer.concat([
      frame('stdout', `${T1} one `),
      frame('stderr', `${T2} other\n`),
      frame('stdout', `${T2} two `),
      frame('stdout', `${T3} three\n`),
    ]);

    for (const chunks of everyCut(bytes)) {
      expect(await lines(chunks, false)).toEqual([
        { stream: 'stderr', timestamp: T2, message: 'other' },
        { stream: 'stdout', timestamp: T1, message: 'one two three' },
      ]);
    }
  });

  it('keeps a character that is cut by the end of a message', async () => {
    const whale = Buffer.from('🐳');
    const bytes = Buffer.concat([
      frame('stdout', Buffer.concat([Buffer.from(`${T1} `), whale.subarray(0, 2)])),
      frame('stdout', Buffer.concat([Buffer.from(`${T2} `), whale.subarray(2), Buffer.from('\n')])),
    ]);

    expect(await lines([bytes], false)).toEqual([{ stream: 'stdout', timestamp: T1, message: '🐳' }]);
  });

  it('ends with what was written without a newline', async () => {
    expect(await lines([frame('stdout', `${T1} last words`)], false)).toEqual([
      { stream: 'stdout', timestamp: T1, message: 'last words' },
    ]);
  });

  it('hands a line that never ends on in pieces', async () => {
    const part = 'x'.repeat(ENGINE_MESSAGE);
    const count = (2.5 * MAX_LINE_BYTES) / ENGINE_MESSAGE;
    const chunks = Array.from({ length: count }, () => frame('stdout', `${T1} ${part}`));

    const pieces = await lines(
      [...chunks, frame('stdout', `${T2} \n`), frame('stdout', `${T3} next\n`)],
      false,
    );

    expect(pieces.map(({ message }) => message.length)).toEqual([
      MAX_LINE_BYTES,
      MAX_LINE_BYTES,
      MAX_LINE_BYTES / 2,
      4,
    ]);
    expect(pieces.map(({ timestamp }) => timestamp)).toEqual([T1, T1, T1, T3]);
  });

  it('has no empty line where a long line ends exactly with a piece', async () => {
    const chunks = Array.from({ length: MAX_LINE_BYTES / ENGINE_MESSAGE }, () =>
      frame('stdout', `${T1} ${'x'.repeat(ENGINE_MESSAGE)}`),
    );

    const pieces = await lines([...chunks, frame('stdout', `${T1} \n`)], false);

    expect(pieces.map(({ message }) => message.length)).toEqual([MAX_LINE_BYTES]);
  });

  it.each([
    ['with an offset', '2026-01-02T03:04:05.000000001+02:00'],
    ['with fewer decimals', '2026-01-02T03:04:05.12Z'],
    ['without decimals', '2026-01-02T03:04:05Z'],
  ])('takes a time stamp %s', async (_, timestamp) => {
    expect(await lines([frame('stdout', `${timestamp} a b\n`)], false)).toEqual([
      { stream: 'stdout', timestamp, message: 'a b' },
    ]);
  });

  it('takes a message without a time stamp whole', async () => {
    for (const text of ['x', 'a message that is longer than any time stamp is']) {
      for (const chunks of everyCut(frame('stdout', `${text}\n`))) {
        expect(await lines(chunks, false)).toEqual([{ stream: 'stdout', timestamp: '', message: text }]);
      }
    }
  });

  it('gives the lines before a break, then fails', async () => {
    const seen: LogLine[] = [];
    const cut = Buffer.concat([
      frame('stdout', `${T1} whole\n`),
      frame('stdout', `${T2} half\n`).subarray(0, -3),
    ]);
    const reading = (async () => {
      for await (const batch of logLines(source(cut), { tty: false })) seen.push(...batch);
    })();

    await expect(reading).rejects.toMatchObject({ kind: 'engine_unavailable' });
    expect(seen.map(({ message }) => message)).toEqual(['whole']);
  });
});

describe('the log of a container with a TTY', () => {
  it('is the same lines of the console wherever the stream is cut', async () => {
    const bytes = Buffer.from(`${T1} first\r\n${T2} schön 🐳\r\n${T2} \r\n${T3} no return\n${T3} last`);

    for (const chunks of everyCut(bytes)) {
      expect(await lines(chunks, true)).toEqual([
        { stream: 'console', timestamp: T1, message: 'first' },
        { stream: 'console', timestamp: T2, message: 'schön 🐳' },
        { stream: 'console', timestamp: T2, message: '' },
        { stream: 'console', timestamp: T3, message: 'no return' },
        { stream: 'console', timestamp: T3, message: 'last' },
      ]);
    }
  });

  it('takes out the time stamps where the engine cut a long line', async () => {
    const part = 'y'.repeat(ENGINE_MESSAGE);
    const bytes = Buffer.from(`${T1} ${part}${T2} ${part}${T3} end\r\n${T3} next\r\n`);
    const expected = [
      { stream: 'console', timestamp: T1, message: `${part}${part}end` },
      { stream: 'console', timestamp: T3, message: 'next' },
    ];

    for (const size of [1, 7, 31, 4096, ENGINE_MESSAGE, 65536]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(await lines(chunks, true)).toEqual(expected);
    }
  });

  it('keeps what only looks like a time stamp in the middle of a line', async () => {
    const bytes = Buffer.from(`${T1} seen at ${T2} by all\r\n`);

    expect(await lines([bytes], true)).toEqual([
      { stream: 'console', timestamp: T1, message: `seen at ${T2} by all` },
    ]);
  });

  it('hands a line that never ends on in pieces', async () => {
    const chunk = Buffer.alloc(ENGINE_MESSAGE, 'z');
    const count = (2 * MAX_LINE_BYTES) / ENGINE_MESSAGE;

    const pieces = await lines(
      Array.from({ length: count }, () => chunk),
      true,
    );

    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.reduce((bytes, { message }) => bytes + message.length, 0)).toBe(2 * MAX_LINE_BYTES);
  });
});

async function lines(chunks: Buffer[], tty: boolean): Promise<LogLine[]> {
  return (await collect(logLines(source(...chunks), { tty }))).flat();
}
