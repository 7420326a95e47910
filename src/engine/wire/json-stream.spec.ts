import { describe, expect, it } from '@jest/globals';
import { jsonStream } from './json-stream.js';
import { collect, everyCut, source } from './wire.fixture.js';

describe('a stream of JSON values', () => {
  it('gives the same values wherever it is cut', async () => {
    const values = [
      { status: 'Pulling', detail: { current: 1, total: 2 }, list: [1, [2, { deep: '}' }]] },
      { braces: '{[}]"\\', unicode: 'schön 🐳', quote: 'say "}"' },
      [],
      {},
      'text with \\ and "',
      12.5e3,
      null,
      true,
    ];

    for (const between of ['\n', '\r\n', ' ', '\n\n\t']) {
      const bytes = Buffer.from(values.map((value) => JSON.stringify(value)).join(between));
      for (const chunks of everyCut(bytes)) expect(await read(chunks)).toEqual(values);
    }
  });

  it('needs nothing between two values', async () => {
    const bytes = Buffer.from('{"a":1}{"b":"{"}[1]"s"{"c":3}7[2]"t"8"u"');
    for (const chunks of everyCut(bytes)) {
      expect(await read(chunks)).toEqual([{ a: 1 }, { b: '{' }, [1], 's', { c: 3 }, 7, [2], 't', 8, 'u']);
    }
  });

  it('takes values that are spread over lines', async () => {
    const value = { a: [1, { b: 'c' }], d: null };

    expect(await read([Buffer.from(JSON.stringify(value, undefined, 2))])).toEqual([value]);
  });

  it('gives a value as soon as it is complete', async () => {
    const seen: unknown[] = [];
    let asked = 0;
    const endless: AsyncIterable<Buffer> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked++;
          return Promise.resolve({ done: false, value: Buffer.from(`{"n":${asked}}`) });
        },
      }),
    };
    for await (const value of jsonStream(endless)) {
      seen.push(value);
      if (seen.length === 2) break;
    }

    expect(seen).toEqual([{ n: 1 }, { n: 2 }]);
    expect(asked).toBe(2);
  });

  it('is empty when there is nothing but space', async () => {
    expect(await read([Buffer.from(' \n'), Buffer.from('\r\n')])).toEqual([]);
  });

  it.each(['{"a":', '[1,', '"half', '{"a":"b\\'])('fails when it ends inside %s', async (text) => {
    await expect(read([Buffer.from(text)])).rejects.toMatchObject({ kind: 'engine_unavailable' });
  });

  it.each(['}', '{"a":]', 'nonsense ', '{a:1}', '[1,]'])('fails at what is not JSON: %s', async (text) => {
    await expect(read([Buffer.from(text)])).rejects.toMatchObject({ kind: 'engine_error' });
  });

  it('refuses a value over the limit without reading on', async () => {
    let asked = 0;
    const endless: AsyncIterable<Buffer> = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          asked++;
          return Promise.resolve({ done: false, value: Buffer.from(asked === 1 ? '["' : 'x'.repeat(100)) });
        },
      }),
    };

    await expect(collect(jsonStream(endless, { maxValueBytes: 1000 }))).rejects.toMatchObject({
      kind: 'engine_error',
    });
    expect(asked).toBe(11);
  });

  it('takes a value of exactly the limit, and many that only together exceed it', async () => {
    const value = JSON.stringify('x'.repeat(98));
    const chunks = Array.from({ length: 50 }, () => Buffer.from(value));

    expect(await collect(jsonStream(source(...chunks), { maxValueBytes: 100 }))).toHaveLength(50);
  });
});

async function read(chunks: Buffer[]): Promise<unknown[]> {
  return collect(jsonStream(source(...chunks)));
}
