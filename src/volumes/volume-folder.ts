import type { Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';
import { readableName, type TarEntry, type TarKind } from '../common/tar/tar-entry.js';
import { TarReader } from '../common/tar/tar-reader.js';
import type { VolumeFile, VolumeFolder } from './volume-file.model.js';

/** How much of a folder is looked through for one answer. */
const MOST_ENTRIES = 500_000;
const MOST_BYTES = 4 * 1024 ** 3;

const KINDS: Readonly<Record<TarKind, VolumeFile['kind']>> = {
  file: 'file',
  hardLink: 'hardLink',
  symlink: 'symlink',
  directory: 'directory',
  character: 'other',
  block: 'other',
  fifo: 'other',
};

/**
 * The direct children of a folder, from the engine's archive of it, in which they come by name. Contents are passed over; what
 * comes after the page is not asked for.
 */
export async function listFolder(
  packed: Readable,
  { path, limit, after }: { path: string; limit: number; after?: string | undefined },
): Promise<VolumeFolder> {
  const start = after === undefined ? undefined : decode(after);
  const reader = new TarReader(packed as AsyncIterable<Buffer>);
  const items: VolumeFile[] = [];
  let last = '';
  let entries = 0;
  let bytes = 0;
  try {
    for (let entry = await reader.next(); entry; entry = await reader.next()) {
      entries += 1;
      bytes += entry.size;
      // The folder's own name comes first, or a dot.
      const names = entry.path.split('/').filter((name) => name !== '');
      const [, name] = names;
      const isChild = names.length === 2 && name !== undefined;
      if (isChild && (start === undefined || name > start)) {
        if (items.length === limit) return { path, items, nextCursor: encode(last), truncated: false };
        items.push(toFile(path, name, entry));
        last = name;
      }
      if (entries >= MOST_ENTRIES || bytes >= MOST_BYTES)
        return { path, items, nextCursor: null, truncated: true };
    }
    return { path, items, nextCursor: null, truncated: false };
  } finally {
    await reader.close();
    packed.destroy();
  }
}

function toFile(folder: string, name: string, entry: TarEntry): VolumeFile {
  const { kind, size, mode, uid, gid, modified, linkPath } = entry;
  const shown = readableName(name);
  return {
    name: shown,
    path: folder === '/' ? `/${shown}` : `${folder}/${shown}`,
    kind: KINDS[kind],
    size,
    mode,
    uid,
    gid,
    modifiedAt: new Date(Math.floor(Number(modified) * 1_000)).toISOString(),
    linkTarget: linkPath === '' ? null : readableName(linkPath),
  };
}

function encode(name: string): string {
  return Buffer.from(name, 'latin1').toString('base64url');
}

function decode(cursor: string): string {
  if (/^[\w-]+$/.test(cursor)) return Buffer.from(cursor, 'base64url').toString('latin1');
  throw new DomainError('invalid_input', 'The cursor is not one that a list answered with', {
    errors: [{ field: 'after', message: 'must be the cursor of an earlier answer' }],
  });
}
