import { ATTRIBUTE_PREFIX, BLOCK, FLAG_OF_KIND, paddingOf, type TarEntry } from './tar-entry.js';

/** What an archive ends with. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

const LARGEST_SIZE = 0o77777777777;
const LARGEST_SHORT = 0o7777777;
const ASCII = /^[\x20-\x7e]*$/;

/** An entry with only what it has to have. */
export function plainEntry(entry: Pick<TarEntry, 'kind' | 'path'> & Partial<TarEntry>): TarEntry {
  return {
    linkPath: '',
    mode: entry.kind === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    modified: '0',
    deviceMajor: 0,
    deviceMinor: 0,
    attributes: new Map(),
    ...entry,
  };
}

/** The header of an entry as ustar, with an extended one by pax before it where something does not fit. */
export function tarHeader(entry: TarEntry): Buffer {
  const records = paxRecords(entry);
  if (records.length === 0) return ustarHeader(entry, FLAG_OF_KIND[entry.kind]);
  const content = Buffer.concat(records);
  const extension = plainEntry({ kind: 'file', path: 'PaxHeader', size: content.length });
  return Buffer.concat([
    ustarHeader(extension, 'x'),
    content,
    Buffer.alloc(paddingOf(content.length)),
    ustarHeader(entry, FLAG_OF_KIND[entry.kind]),
  ]);
}

/** What fills the last block of a content. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc(paddingOf(size));
}

function paxRecords(entry: TarEntry): Buffer[] {
  const { path, linkPath, size, uid, gid, modified, attributes } = entry;
  const records: Buffer[] = [];
  const add = (key: string, value: string) => records.push(paxRecord(key, value));
  if (path.length > 100 || !ASCII.test(path)) add('path', path);
  if (linkPath.length > 100 || !ASCII.test(linkPath)) add('linkpath', linkPath);
  if (size > LARGEST_SIZE) add('size', String(size));
  if (uid > LARGEST_SHORT) add('uid', String(uid));
  if (gid > LARGEST_SHORT) add('gid', String(gid));
  if (!/^\d{1,10}$/.test(modified)) add('mtime', modified);
  for (const [name, value] of attributes) add(ATTRIBUTE_PREFIX + name, value);
  return records;
}

/** The length at its front counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.from(`${length}${rest}`, 'latin1');
}

function ustarHeader(entry: TarEntry, flag: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const text = (value: string, start: number, length: number) =>
    header.write(value.slice(0, length), start, length, 'latin1');
  const octal = (value: number, start: number, length: number) =>
    text(value.toString(8).padStart(length - 1, '0'), start, length - 1);
  const seconds = Math.floor(Number(entry.modified));
  text(entry.path, 0, 100);
  octal(entry.mode, 100, 8);
  octal(entry.uid > LARGEST_SHORT ? 0 : entry.uid, 108, 8);
  octal(entry.gid > LARGEST_SHORT ? 0 : entry.gid, 116, 8);
  octal(entry.size > LARGEST_SIZE ? 0 : entry.size, 124, 12);
  octal(seconds >= 0 && seconds <= LARGEST_SIZE ? seconds : 0, 136, 12);
  text('        ', 148, 8);
  text(flag, 156, 1);
  text(entry.linkPath, 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  octal(entry.deviceMajor, 329, 8);
  octal(entry.deviceMinor, 337, 8);
  const sum = header.reduce((total, byte) => total + byte, 0);
  text(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8);
  return header;
}
