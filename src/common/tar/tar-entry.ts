/** What an archive can hold. */
export type TarKind = 'file' | 'hardLink' | 'symlink' | 'character' | 'block' | 'directory' | 'fifo';

/**
 * One entry of a tar archive. Names are bytes, which need not be UTF-8: they are held as text of one character a byte
 * (`latin1`); `readableName` makes them readable.
 */
export interface TarEntry {
  readonly kind: TarKind;
  readonly path: string;
  /** Of a hard link, the entry that it is; of a symbolic link, where it points. Empty for others. */
  readonly linkPath: string;
  /** Permissions with the set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content that follow; 0 for all but files. */
  readonly size: number;
  /** Seconds since the epoch, as decimal text, since archives tell nanoseconds. */
  readonly modified: string;
  readonly deviceMajor: number;
  readonly deviceMinor: number;
  /** Extended attributes by name, values as bytes like names. */
  readonly attributes: ReadonlyMap<string, string>;
}

export const BLOCK = 512;

/** How many bytes fill the last block of a content of `size` bytes. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A name for people; bytes that are no UTF-8 are shown as replacement characters. */
export function readableName(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** The bytes of a name that somebody typed. */
export function toNameBytes(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

/** What pax calls an extended attribute, as the engine reads and writes them. */
export const ATTRIBUTE_PREFIX = 'SCHILY.xattr.';

/** By their type flag in a header. */
export const KIND_OF_FLAG: Readonly<Partial<Record<string, TarKind>>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardLink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

export const FLAG_OF_KIND: Readonly<Record<TarKind, string>> = {
  file: '0',
  hardLink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};
