import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { MadeImages, makerOf } from './made-images.js';

const ONE = `sha256:${'1'.repeat(64)}`;
const TWO = `sha256:${'2'.repeat(64)}`;
const lines = (...documents: object[]) =>
  documents.map((document) => `${JSON.stringify(document)}\r\n`).join('');

async function made(
  maker: 'build' | 'import' | 'load',
  text: string,
  pieces = 7,
): Promise<readonly string[]> {
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces) parts.push(bytes.subarray(at, at + pieces));
  const images = Readable.from(parts).pipe(new MadeImages(maker));
  const passed = (await images.toArray()) as Buffer[];
  expect(Buffer.concat(passed).equals(bytes)).toBe(true);
  return images.references;
}

describe('the images that an answer tells to be made', () => {
  it('of a build are the one of its last stage, whatever its steps print', async () => {
    const text = lines(
      { stream: `{"aux":{"ID":"${TWO}"}}\n` },
      { aux: { ID: ONE } },
      { aux: { ID: TWO } },
      { stream: `Successfully built ${ONE}\n` },
      { stream: 'x'.repeat(40_000) },
      { id: 'moby.buildkit.trace', aux: 'AAAA' },
    );
    expect(await made('build', text)).toEqual([TWO]);
    expect(await made('build', text, 30_000)).toEqual([TWO]);
  });

  it('of an import are the one of its last status', async () => {
    expect(await made('import', lines({ status: 'Importing' }, { status: ONE }).trimEnd())).toEqual([ONE]);
  });

  it('of a load are all, by name or by id', async () => {
    const text = lines(
      { status: ONE },
      { stream: 'Loaded image: team/app:v1\n' },
      { stream: `Loaded image ID: ${TWO}\n` },
    );
    expect(await made('load', text)).toEqual(['team/app:v1', TWO]);
  });

  it('are none where it failed, or says nothing that can be read', async () => {
    expect(await made('build', `${lines({ error: 'failed' })}{"aux":{"ID":"${ONE}"\nnull\n`)).toEqual([]);
  });
});

it('what is pulled is nobody’s', () => {
  expect(makerOf('ImageCreate', { query: { fromImage: 'busybox' } })).toBeUndefined();
  expect(makerOf('ImageCreate', { query: { fromSrc: '-' } })).toBe('import');
  expect(makerOf('ImageBuild', {})).toBe('build');
  expect(makerOf('ContainerList', {})).toBeUndefined();
});
