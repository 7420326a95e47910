import { DomainError } from '../common/errors.js';
import type { ArchiveStat } from './container-results.model.js';
import type { Loose } from './engine-document.js';

/** The header in which we answer what there is at a path: an ArchiveStat as JSON. */
export const ARCHIVE_STAT_HEADER = 'dockmaster-archive-stat';

/** Bits of the mode in the engine's words, which are those of Go's `os.FileMode`. */
const GO_DIRECTORY = 2 ** 31;
const GO_SYMLINK = 2 ** 27;
const GO_OTHER = [2 ** 26, 2 ** 25, 2 ** 24, 2 ** 21, 2 ** 19];
const PERMISSIONS = 0o777;
const POSIX_BITS = [
  { go: 2 ** 23, posix: 0o4000 },
  { go: 2 ** 22, posix: 0o2000 },
  { go: 2 ** 20, posix: 0o1000 },
];

/**
 * @param header `X-Docker-Container-Path-Stat` of ContainerArchive and ContainerArchiveInfo: JSON in base64
 * @throws DomainError `engine_error` for what is no such header
 */
export function toArchiveStat(header: string | readonly string[] | undefined): ArchiveStat {
  const document = parse(String(header));
  const mode = document.mode ?? 0;
  return {
    name: document.name ?? '',
    kind: fileKind(mode),
    size: document.size ?? 0,
    mode: POSIX_BITS.reduce((sum, { go, posix }) => (has(mode, go) ? sum + posix : sum), mode & PERMISSIONS),
    modifiedAt: document.mtime ?? '',
    linkTarget: document.linkTarget === undefined || document.linkTarget === '' ? null : document.linkTarget,
  };
}

type PathStat = Loose<{ name: string; size: number; mode: number; mtime: string; linkTarget: string }>;

function parse(header: string): PathStat {
  try {
    return JSON.parse(Buffer.from(header, 'base64').toString('utf8')) as PathStat;
  } catch (cause) {
    throw new DomainError('engine_error', 'The engine answered without a description of the path', { cause });
  }
}

function fileKind(mode: number): ArchiveStat['kind'] {
  if (has(mode, GO_DIRECTORY)) return 'directory';
  if (has(mode, GO_SYMLINK)) return 'symlink';
  return GO_OTHER.some((bit) => has(mode, bit)) ? 'other' : 'file';
}

/** The mode has 32 bits, one more than JavaScript's bit operators. */
function has(mode: number, bit: number): boolean {
  return Math.floor(mode / bit) % 2 === 1;
}

/** The value of the header: JSON in ASCII, which is all that a header can carry of a file's name. */
export function toArchiveStatHeader(stat: ArchiveStat): string {
  return JSON.stringify(stat).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
