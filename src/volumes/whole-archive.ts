import { DomainError } from '../common/errors.js';
import { TAR_END } from '../common/tar/tar-writer.js';

/**
 * An archive as the engine makes it. An engine that fails on the way just ends its answer: without the mark at its end an
 * archive is not whole, and must not be taken for a backup.
 *
 * @throws DomainError `engine_error`, as it is read
 */
export async function* wholeArchive(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let end: Buffer = Buffer.alloc(0);
  for await (const part of source) {
    end =
      part.length >= TAR_END.length
        ? part.subarray(-TAR_END.length)
        : Buffer.concat([end, part]).subarray(-TAR_END.length);
    yield part;
  }
  if (!end.equals(TAR_END))
    throw new DomainError('engine_error', 'The engine ended the archive before it was whole');
}
