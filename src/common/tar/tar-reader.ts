import { DomainError } from '../errors.js';
import { ByteSource } from './byte-source.js';
import {
  ATTRIBUTE_PREFIX,
  BLOCK,
  KIND_OF_FLAG,
  paddingOf,
  readableName,
  type TarEntry,
} from './tar-entry.js';

/** Longest extended header, in bytes: names and attributes of one entry. */
const LONGEST_EXTENSION = 1024 * 1024;
const LONGEST_NAME = 4_096;
const LARGEST_ID = 2 ** 32 - 2;

/** What extended headers say of the entry after them. */
type Extension = Map<string, string>;

/**
 * Reads a tar archive entry by entry: ustar, pax and GNU's long names. Strict: what it does not know, a wrong checksum, and an
 * archive without an end are refused, so that nobody reads it otherwise than it is read here.
 */
export class TarReader {
  private readonly bytes: ByteSource;
  private left = 0;
  private padding = 0;

  constructor(source: AsyncIterable<Buffer>) {
    this.bytes = new ByteSource(source);
  }

  /**
   * The next entry, whatever was not read of the one before is skipped; undefined at the archive's end.
   * @throws DomainError `invalid_input` for what is no such archive
   */
  async next(): Promise<TarEntry | undefined> {
    await this.skipContent();
    await this.skipPadding();
    const extension: Extension = new Map();
    while (true) {
      const header = await this.bytes.exactly(BLOCK);
      if (header.length < BLOCK) throw malformed('ends too early');
      if (isZero(header)) {
        if (extension.size > 0) throw malformed('ends with an extended header');
        await this.requireNothingMore();
        return undefined;
      }
      requireChecksum(header);
      const flag = String.fromCharCode(header[156] ?? 0);
      const size = numberAt(header, 124, 12);
      switch (flag) {
        case 'x':
          readPax(await this.extension(size), extension);
          break;
        case 'g':
          // Git and others put remarks there. What would change entries is refused below.
          requireHarmless(readPax(await this.extension(size), new Map()));
          break;
        case 'L':
          extension.set('path', cString(await this.extension(size)));
          break;
        case 'K':
          extension.set('linkpath', cString(await this.extension(size)));
          break;
        default:
          return this.entry(header, flag, size, extension);
      }
    }
  }

  /** The content of the entry that `next` answered with last, once. */
  async *content(): AsyncGenerator<Buffer, void, undefined> {
    while (this.left > 0) {
      const part = await this.bytes.some(this.left);
      if (!part) throw malformed('ends within a file');
      this.left -= part.length;
      yield part;
    }
  }

  /** Gives the source up before the archive's end. */
  close(): Promise<void> {
    return this.bytes.close();
  }

  private entry(header: Buffer, flag: string, headerSize: number, extension: Extension): TarEntry {
    const kind = KIND_OF_FLAG[flag];
    if (!kind) throw malformed(`has an entry of a kind that is not known: ${JSON.stringify(flag)}`);
    if ([...extension.keys()].some((key) => key.startsWith('GNU.sparse.')))
      throw malformed('has sparse files in GNU form: make it without --sparse');
    const path = extension.get('path') ?? ustarPath(header);
    const linkPath = extension.get('linkpath') ?? textAt(header, 157, 100);
    const size = numberOf(extension, 'size') ?? headerSize;
    const hasContent = kind === 'file';
    if (!hasContent && size !== 0 && kind !== 'hardLink')
      throw malformed(`has content for something that is no file: ${readableName(path)}`);
    if (path.length > LONGEST_NAME || linkPath.length > LONGEST_NAME) throw malformed('has a name too long');
    this.left = hasContent ? size : 0;
    this.padding = paddingOf(this.left);
    return {
      // Before ustar, a folder was a file with a slash at its end.
      kind: hasContent && path.endsWith('/') && size === 0 ? 'directory' : kind,
      path,
      linkPath: kind === 'hardLink' || kind === 'symlink' ? linkPath : '',
      mode: numberAt(header, 100, 8) & 0o7777,
      uid: id(numberOf(extension, 'uid') ?? numberAt(header, 108, 8)),
      gid: id(numberOf(extension, 'gid') ?? numberAt(header, 116, 8)),
      size: this.left,
      modified: timeOf(extension.get('mtime')) ?? String(numberAt(header, 136, 12)),
      deviceMajor: kind === 'character' || kind === 'block' ? numberAt(header, 329, 8) : 0,
      deviceMinor: kind === 'character' || kind === 'block' ? numberAt(header, 337, 8) : 0,
      attributes: new Map(
        [...extension]
          .filter(([key]) => key.startsWith(ATTRIBUTE_PREFIX))
          .map(([key, value]) => [key.slice(ATTRIBUTE_PREFIX.length), value]),
      ),
    };
  }

  private async extension(size: number): Promise<Buffer> {
    if (size > LONGEST_EXTENSION) throw malformed('has an extended header that is too long');
    const content = await this.bytes.exactly(size + paddingOf(size));
    if (content.length < size + paddingOf(size)) throw malformed('ends too early');
    return content.subarray(0, size);
  }

  private async skipContent(): Promise<void> {
    const content = this.content();
    while ((await content.next()).done !== true);
  }

  private async skipPadding(): Promise<void> {
    const { padding } = this;
    this.padding = 0;
    if ((await this.bytes.exactly(padding)).length < padding) throw malformed('ends too early');
  }

  /** A second archive behind the first is read by some programs and not by others. */
  private async requireNothingMore(): Promise<void> {
    for await (const part of this.bytes.all()) if (!isZero(part)) throw malformed('goes on after its end');
  }
}

function malformed(what: string): DomainError {
  return new DomainError('invalid_input', `The archive ${what}`, {
    errors: [{ field: 'archive', message: what }],
  });
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function requireChecksum(header: Buffer): void {
  let sum = 8 * 0x20;
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) sum += byte;
  if (numberAt(header, 148, 8) !== sum) throw malformed('is no tar archive, or is damaged');
}

/** Text up to its first NUL. */
function cString(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
}

function textAt(header: Buffer, start: number, length: number): string {
  return cString(header.subarray(start, start + length));
}

function ustarPath(header: Buffer): string {
  const name = textAt(header, 0, 100);
  // GNU's own form keeps times where ustar keeps the first part of a long name.
  const isUstar = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isUstar ? textAt(header, 345, 155) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or, for what does not fit, a big-endian number marked by the first bit. */
function numberAt(header: Buffer, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  const first = field[0] ?? 0;
  if (first >= 0x80) {
    if (first !== 0x80) throw malformed('has a number below zero');
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw malformed('has a number that is too great');
    return value;
  }
  const text = cString(field).trim();
  if (!/^[0-7]*$/.test(text)) throw malformed('has something that is no number');
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** Records of `<length> <key>=<value>\n`. */
function readPax(bytes: Buffer, into: Extension): Extension {
  let start = 0;
  while (start < bytes.length) {
    const space = bytes.indexOf(0x20, start);
    const digits = bytes.toString('latin1', start, space);
    const end = start + Number(digits);
    const equals = bytes.indexOf(0x3d, space);
    const whole =
      space > start && /^[1-9]\d{0,9}$/.test(digits) && end <= bytes.length && equals > space && equals < end;
    if (!whole || bytes[end - 1] !== 0x0a) throw malformed('has a damaged extended header');
    const key = bytes.toString('latin1', space + 1, equals);
    const value = bytes.toString('latin1', equals + 1, end - 1);
    if (key.includes('\0') || (!key.startsWith(ATTRIBUTE_PREFIX) && value.includes('\0')))
      throw malformed('has a damaged extended header');
    // An empty value takes back what the header itself says, which no two programs read alike.
    if (value !== '' || key.startsWith(ATTRIBUTE_PREFIX)) into.set(key, value);
    start = end;
  }
  return into;
}

const HARMLESS = new Set(['comment', 'charset', 'hdrcharset']);

function requireHarmless(extension: Extension): void {
  const other = [...extension.keys()].find((key) => !HARMLESS.has(key));
  if (other !== undefined)
    throw malformed(`has a global header that changes entries: ${other.slice(0, 100)}`);
}

function numberOf(extension: Extension, key: string): number | undefined {
  const text = extension.get(key);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) throw malformed(`has a wrong ${key}`);
  return value;
}

function id(value: number): number {
  if (value > LARGEST_ID) throw malformed('has an owner or group that is too great');
  return value;
}

function timeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^-?\d{1,12}(\.\d{1,20})?$/.test(text)) throw malformed('has a wrong time');
  return text;
}
