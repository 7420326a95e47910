/**
 * Jest loads each module anew for each test file, by means of its own, which for the whole program takes seconds and runs it cold.
 * So end-to-end tests get the program as it was built, loaded once for all files of a worker by Node.js itself: what they import of
 * `src` is passed on from `dist`. The same goes for packages whose classes both sides must agree on.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { ROOT } from '../../scripts/lib/project.mjs';

const nativeRequire = createRequire(import.meta.url);
const SOURCES = join(ROOT, 'src');

/** Where Node.js finds what jest found at `path`. */
function nativePath(path) {
  const source = relative(SOURCES, path);
  return source.startsWith('..') ? path : join(ROOT, 'dist', source.replace(/\.ts$/, '.js'));
}

/** The text that stands in for the module in a test. */
function passedOn(path, isEsm) {
  const native = `nativeRequire(${JSON.stringify(nativePath(path))})`;
  if (!isEsm) return `module.exports = ${native};`;
  const exported = Object.keys(nativeRequire(nativePath(path))).map((name) =>
    name === 'default' ? 'export default native.default;' : `export const ${name} = native.${name};`,
  );
  return [`const native = ${native};`, ...exported].join('\n');
}

export default {
  process: (_text, path, { supportsStaticESM }) => ({ code: passedOn(path, supportsStaticESM) }),
  // It depends on what the module passes on of others, too, and not on its text alone.
  getCacheKey: (_text, path, { supportsStaticESM }) =>
    createHash('sha256').update(passedOn(path, supportsStaticESM)).digest('hex'),
};
