import { finished, Readable } from 'node:stream';
import { posix } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Actor } from '../common/actor.js';
import { DomainError, messageOf, notFound } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { toNameBytes } from '../common/tar/tar-entry.js';
import { TarReader } from '../common/tar/tar-reader.js';
import { plainEntry, TAR_END, tarHeader, tarPadding } from '../common/tar/tar-writer.js';
import { toArchiveStat } from '../containers/archive-stat.mapper.js';
import type { ArchiveStat } from '../containers/container-results.model.js';
import type { OpenOptions, VolumePurpose } from '../gate/volume-archives.js';
import { VolumeArchives } from '../gate/volume-archives.js';
import type { VolumeArchive } from '../gate/volume-archive.js';
import type { VolumeFile, VolumeFolder } from './volume-file.model.js';
import { listFolder } from './volume-folder.js';
import type { VolumePath } from './volume-paths.js';
import type { UploadFileQuery, VolumeFileQuery, VolumeFolderQuery } from './volume-transfer.inputs.js';

const STAT_HEADER = 'x-docker-container-path-stat';
const DEFAULT_FILES = 100;

export interface DownloadedFile {
  readonly content: Readable;
  readonly name: string;
  /** Undefined for a folder, which comes as a tar archive. */
  readonly size: number | undefined;
}

/** Single files and folders of volumes. Nothing runs on the engine for it, and nothing is held. */
@Injectable()
export class VolumeFilesService {
  constructor(
    private readonly archives: VolumeArchives,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * What is in a folder. The engine packs the folder with all that is below it, of which only the names are read: listing a
   * folder with much below it takes long, and is given up at a limit.
   */
  list(
    actor: Actor,
    path: VolumePath,
    { path: folder = '/', limit = DEFAULT_FILES, after }: VolumeFolderQuery,
    signal: AbortSignal,
  ): Promise<VolumeFolder> {
    return this.within(actor, path, 'volumes:browse', {}, async (archive) => {
      const at = normalised(folder);
      const { kind } = await statOf(archive, at);
      if (kind !== 'directory') throw noFolder(folder);
      return listFolder(await archive.read(at, signal), { path: at, limit, after });
    });
  }

  stat(actor: Actor, path: VolumePath, { path: file }: VolumeFileQuery): Promise<VolumeFile> {
    return this.within(actor, path, 'volumes:browse', {}, async (archive) => {
      const at = normalised(file);
      const { name, kind, size, mode, modifiedAt, linkTarget } = await statOf(archive, at);
      const target = linkTarget?.replace(/^\/volume(?=\/|$)/, '') ?? null;
      return {
        name: at === '/' ? '' : name,
        path: at,
        kind,
        size: kind === 'file' ? size : 0,
        mode,
        uid: null,
        gid: null,
        modifiedAt,
        linkTarget: target,
      };
    });
  }

  /** A file as it is; a folder as a tar archive. */
  async download(
    actor: Actor,
    { engine, name }: VolumePath,
    { path: file }: VolumeFileQuery,
    signal: AbortSignal,
  ): Promise<DownloadedFile> {
    const archive = await this.archives.open(actor, engine, name, 'volumes:browse');
    try {
      const at = normalised(file);
      const { kind, name: shown } = await statOf(archive, at);
      if (kind !== 'file' && kind !== 'directory')
        throw invalid('path', `must name a file or a folder, not a ${kind}`);
      const packed = await archive.read(at, signal);
      const { content, size } =
        kind === 'file' ? await onlyFile(packed) : { content: packed, size: undefined };
      finished(content, () => {
        packed.destroy();
        archive.close().catch((left: unknown) => {
          this.logger.warn({ engine, volume: name }, `could not end a download: ${messageOf(left)}`);
        });
      });
      return { content, size, name: at === '/' ? name : shown };
    } catch (error) {
      await archive.close({ error });
      throw error;
    }
  }

  /** @param size how many bytes come: an archive tells it before its content */
  upload(
    actor: Actor,
    path: VolumePath,
    { path: file, mode = 0o644, uid = 0, gid = 0 }: UploadFileQuery,
    { content, size }: { content: Readable; size: number },
    signal: AbortSignal,
  ): Promise<void> {
    return this.within(actor, path, 'volumes:restore', { writes: true }, async (archive) => {
      const at = normalised(file);
      const folder = posix.dirname(at);
      if (at === '/') throw invalid('path', 'must name a file');
      if ((await statOf(archive, folder)).kind !== 'directory') throw noFolder(folder);
      const entry = plainEntry({
        kind: 'file',
        path: toNameBytes(posix.basename(at)),
        mode,
        uid,
        gid,
        size,
        modified: String(Math.floor(Date.now() / 1_000)),
      });
      const packed = Readable.from(packFile(tarHeader(entry), content as AsyncIterable<Buffer>, size), {
        objectMode: false,
      });
      try {
        await archive.write(folder, packed, signal);
      } finally {
        packed.destroy();
      }
    });
  }

  private async within<T>(
    actor: Actor,
    { engine, name }: VolumePath,
    purpose: VolumePurpose,
    options: OpenOptions,
    work: (archive: VolumeArchive) => Promise<T>,
  ): Promise<T> {
    const archive = await this.archives.open(actor, engine, name, purpose, options);
    let result: T;
    try {
      result = await work(archive);
    } catch (error) {
      await archive.close({ error });
      throw error;
    }
    await archive.close();
    return result;
  }
}

async function statOf(archive: VolumeArchive, path: string): Promise<ArchiveStat> {
  try {
    return toArchiveStat((await archive.stat(path))[STAT_HEADER]);
  } catch (error) {
    // The engine names the path in its helper.
    if (error instanceof DomainError && error.kind === 'not_found') throw notFound('file or folder', path);
    throw error;
  }
}

/** The content of the file that an archive holds alone. */
async function onlyFile(packed: Readable): Promise<{ content: Readable; size: number }> {
  const reader = new TarReader(packed as AsyncIterable<Buffer>);
  const entry = await reader.next();
  if (entry?.kind !== 'file')
    throw new DomainError('engine_error', 'The engine answered with something that is no file');
  return { content: Readable.from(reader.content(), { objectMode: false }), size: entry.size };
}

async function* packFile(
  header: Buffer,
  content: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<Buffer, void, undefined> {
  yield header;
  let left = size;
  for await (const part of content) {
    left -= part.length;
    if (left < 0) break;
    yield part;
  }
  // The file is cut then, and the engine says so.
  if (left !== 0)
    throw new DomainError('invalid_input', 'The content is not as long as its Content-Length says');
  yield tarPadding(size);
  yield TAR_END;
}

function normalised(path: string): string {
  const short = posix.normalize(path);
  return short.length > 1 && short.endsWith('/') ? short.slice(0, -1) : short;
}

function noFolder(path: string): DomainError {
  return invalid('path', `must name a folder: ${path}`);
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
