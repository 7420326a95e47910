import { describe, expect, it } from '@jest/globals';
import { multiplexed, type Frame } from './multiplexed.js';
import { collect, everyCut, frame, source } from './wire.fixture.js';

describe('a multiplexed stream', () => {
  it('comes apart the same wherever it is cut', async () => {
    const bytes = Buffer.concat([
      frame('stdout', 'one\n'),
      frame('stderr', 'zwei ü\n'),
      frame('stdout', ''),
      frame('stdin', 'three'),
    ]);

    for (const chunks of everyCut(bytes)) {
      expect(joined(await collect(multiplexed(source(...chunks))))).toEqual([
        { stream: 'stdout', text: 'one\n' },
        { stream: 'stderr', text: 'zwei ü\n' },
        { stream: 'stdin', text: 'three' },
      ]);
    }
  });

  it('hands a frame larger than a chunk on piece by piece, as it comes', async () => {
    const large = Buffer.alloc(3_000_000, 'x');
    const bytes = frame('stdout', large);
    const chunks = [
      bytes.subarray(0, 1_000_000),
      bytes.subarray(1_000_000, 2_000_000),
      bytes.subarray(2_000_000),
    ];

    const frames = await collect(multiplexed(source(...chunks)));

    expect(frames.map(({ data }) => data.length)).toEqual([999_992, 1_000_000, 1_000_008]);
    expect(Buffer.concat(frames.map(({ data }) => data)).equals(large)).toBe(true);
  });

  it('copies nothing', async () => {
    const bytes = frame('stdout', 'payload');

    const [first] = await collect(multiplexed(source(bytes)));

    expect(first?.data.buffer).toBe(bytes.buffer);
  });

  it.each([
    ['an unknown type', Buffer.from([7, 0, 0, 0, 0, 0, 0, 1, 65])],
    ['padding that is not zero', Buffer.from([1, 1, 0, 0, 0, 0, 0, 1, 65])],
    ['text', Buffer.from('plain text of a TTY')],
  ])('is refused when a header is %s, after what came before', async (_, bad) => {
    const seen: Frame[] = [];
    const reading = (async () => {
      for await (const piece of multiplexed(source(Buffer.concat([frame('stdout', 'good'), bad]))))
        seen.push(piece);
    })();

    await expect(reading).rejects.toMatchObject({ kind: 'engine_error' });
    expect(joined(seen)).toEqual([{ stream: 'stdout', text: 'good' }]);
  });

  it('fails when it ends in a header or a frame', async () => {
    const bytes = frame('stdout', 'abc');
    for (let length = 1; length < bytes.length; length++) {
      const reading = collect(multiplexed(source(bytes.subarray(0, length))));
      await expect(reading).rejects.toMatchObject({ kind: 'engine_unavailable' });
    }
  });

  it('fails with the message of an error that the engine reports inside it', async () => {
    const bytes = Buffer.concat([
      frame('stdout', 'a'),
      frame('systemError', 'Error grabbing logs: disk gone\n'),
    ]);
    for (const chunks of everyCut(bytes)) {
      await expect(collect(multiplexed(source(...chunks)))).rejects.toMatchObject({
        kind: 'engine_error',
        message: 'Error grabbing logs: disk gone',
      });
    }
  });

  it('passes on the error of its source', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield frame('stdout', 'a');
      await Promise.reject(new Error('cut'));
    }

    await expect(collect(multiplexed(broken()))).rejects.toThrow('cut');
  });
});

/** Frames with the pieces of one stream put together, as text. */
function joined(frames: Frame[]): { stream: string; text: string }[] {
  const runs: { stream: string; data: Buffer }[] = [];
  for (const { stream, data } of frames) {
    const last = runs.at(-1);
    if (last?.stream === stream) last.data = Buffer.concat([last.data, data]);
    else runs.push({ stream, data });
  }
  return runs.map(({ stream, data }) => ({ stream, text: data.toString() }));
}
