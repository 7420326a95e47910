import { describe, expect, it } from '@jest/globals';
import { plainEntry, TAR_END, tarHeader, tarPadding } from './tar-writer.js';
import { readableName, type TarEntry, toNameBytes } from './tar-entry.js';
import { TarReader } from './tar-reader.js';

/** Cuts bytes in pieces of a size at which headers and contents are torn apart. */
async function* inPieces(bytes: Buffer, size = 333): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size));
}

const packed = (entry: TarEntry, content = Buffer.alloc(0)) =>
  Buffer.concat([tarHeader(entry), content, tarPadding(content.length)]);

async function readAll(bytes: Buffer): Promise<{ entry: TarEntry; content: string }[]> {
  const reader = new TarReader(inPieces(bytes));
  const all: { entry: TarEntry; content: string }[] = [];
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    const parts: Buffer[] = [];
    for await (const part of reader.content()) parts.push(part);
    all.push({ entry, content: Buffer.concat(parts).toString() });
  }
  return all;
}

const read = async (...parts: Buffer[]) => readAll(Buffer.concat([...parts, TAR_END]));
const file = (text: string, rest: Partial<TarEntry> = {}) =>
  packed(
    plainEntry({ kind: 'file', path: 'file', size: Buffer.byteLength(text), ...rest }),
    Buffer.from(text),
  );

describe('a tar archive', () => {
  it.each<[string, Partial<TarEntry> & Pick<TarEntry, 'kind' | 'path'>]>([
    ['a folder', { kind: 'directory', path: 'a/b/', mode: 0o1777, uid: 7, gid: 8, modified: '1700000000' }],
    ['a link', { kind: 'symlink', path: 'a', linkPath: '../x' }],
    ['another name', { kind: 'hardLink', path: 'a', linkPath: 'b' }],
    ['a device', { kind: 'block', path: 'sda', deviceMajor: 8, deviceMinor: 1 }],
    ['a pipe', { kind: 'fifo', path: 'pipe' }],
    ['a long name', { kind: 'symlink', path: 'n'.repeat(300), linkPath: 'l'.repeat(2_000) }],
    ['a name that is not ASCII', { kind: 'directory', path: toNameBytes('日本/') }],
    ['a name that is not UTF-8', { kind: 'directory', path: '\xff\xfe/' }],
    ['great numbers', { kind: 'directory', path: 'a/', uid: 3_000_000_000, gid: 3_000_000 }],
    ['a part of a second', { kind: 'directory', path: 'a/', modified: '1700000000.123456789' }],
    ['a time before 1970', { kind: 'directory', path: 'a/', modified: '-5' }],
    [
      'attributes of any bytes',
      { kind: 'directory', path: 'a/', attributes: new Map([['user.a', '\0=\n\xff']]) },
    ],
  ])('is read as it was written: %s', async (_what, wanted) => {
    const entry = plainEntry(wanted);
    expect(await read(packed(entry))).toEqual([{ entry, content: '' }]);
  });

  it('keeps contents apart, whatever is left unread', async () => {
    const reader = new TarReader(
      inPieces(Buffer.concat([file('x'.repeat(2_000)), file('second', { path: 'b' }), TAR_END])),
    );
    await reader.next();
    expect(await reader.next()).toMatchObject({ path: 'b', size: 6 });
    expect(await reader.next()).toBeUndefined();
  });

  it("reads GNU's long names", async () => {
    const name = 'g'.repeat(200);
    const long = packed(
      plainEntry({ kind: 'file', path: '././@LongLink', size: 201 }),
      Buffer.from(`${name}\0`),
    );
    long.write('L', 156);
    long.write('        ', 148);
    const sum = long.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    long.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    expect((await read(long, file('x'))).map(({ entry }) => entry.path)).toEqual([name]);
  });

  it.each<[string, () => Buffer]>([
    ['is cut in a header', () => file('x').subarray(0, 100)],
    ['is cut in a content', () => file('x'.repeat(2_000)).subarray(0, 1_500)],
    ['has no end', () => file('x')],
    ['goes on after its end', () => Buffer.concat([TAR_END, file('x'), TAR_END])],
    [
      'has a wrong checksum',
      () => {
        const bytes = Buffer.concat([file('x'), TAR_END]);
        bytes.write('other', 0);
        return bytes;
      },
    ],
  ])('that %s is refused', async (_what, bytes) => {
    await expect(readAll(bytes())).rejects.toMatchObject({ kind: 'invalid_input' });
  });

  it('shows names as UTF-8', () => {
    expect(readableName(toNameBytes('ünï/日本'))).toBe('ünï/日本');
  });
});
