import { pipeline, Readable } from 'node:stream';
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { DomainError } from '../common/errors.js';
import { ByteSource } from '../common/tar/byte-source.js';
import type { Compression } from './volume-transfer.inputs.js';

const MAGIC: readonly {
  readonly name: 'gzip' | 'zstd' | 'bzip2' | 'xz';
  readonly bytes: readonly number[];
}[] = [
  { name: 'gzip', bytes: [0x1f, 0x8b] },
  { name: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
  { name: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
];
const LONGEST_MAGIC = 5;

/** What `source` brings, compressed. Destroying it ends the source. */
export function compress(source: Readable, compression: Compression): Readable {
  if (compression === 'none') return source;
  const coder = compression === 'gzip' ? createGzip() : createZstdCompress();
  // An error of the source is told by the coder, which it destroys.
  return pipeline(source, coder, () => undefined);
}

/**
 * The content of what may be compressed: told by its first bytes.
 * @throws DomainError `invalid_input`, as it is read, for what is damaged, or compressed by what we do not know
 */
export async function* decompress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const bytes = new ByteSource(source);
  const start = await bytes.exactly(LONGEST_MAGIC);
  const magic = MAGIC.find((known) => known.bytes.every((byte, index) => start[index] === byte))?.name;
  bytes.unread(start);
  try {
    if (magic === undefined) {
      yield* bytes.all();
      return;
    }
    if (magic !== 'gzip' && magic !== 'zstd')
      throw new DomainError('invalid_input', `Archives may be compressed by gzip or zstd, not by ${magic}`);
    const decoder = magic === 'gzip' ? createGunzip() : createZstdDecompress();
    const content = pipeline(Readable.from(bytes.all(), { objectMode: false }), decoder, () => undefined);
    try {
      yield* content as AsyncIterable<Buffer>;
    } catch (error) {
      const damaged =
        typeof error === 'object' &&
        error !== null &&
        'code' in error &&
        /^(Z_|ZSTD_)/.test(String(error.code));
      if (!damaged) throw error;
      throw new DomainError('invalid_input', `The archive's ${magic} is damaged, or ends too early`, {
        cause: error,
      });
    }
  } finally {
    await bytes.close();
  }
}
