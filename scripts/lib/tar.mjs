/** Writes tar archives (POSIX ustar), enough for the root file systems of small images. */

const BLOCK = 512;
const KINDS = { file: '0', symlink: '2', directory: '5' };

/**
 * @typedef {object} TarEntry
 * @property {string} path at most 100 bytes, without a leading slash
 * @property {'file' | 'symlink' | 'directory'} [kind] default `file`
 * @property {number} [mode] default 0755
 * @property {string | Buffer} [content] of a file
 * @property {string} [target] of a symlink
 */

function header({ path, kind = 'file', mode = 0o755, target = '' }, size) {
  if (Buffer.byteLength(path) > 100 || Buffer.byteLength(target) > 100)
    throw new Error(`path too long: ${path}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value, length) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  block.write(path, 0);
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108); // owner
  block.write(octal(0, 8), 116); // group
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136); // time: a constant, so that equal contents give equal layers
  block.write(' '.repeat(8), 148); // the checksum is taken with its own field blank
  block.write(KINDS[kind], 156);
  block.write(target, 157);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}

/** @param {TarEntry[]} entries @returns {Buffer} */
export function tar(entries) {
  const parts = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? '');
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [header(entry, content.length), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}
