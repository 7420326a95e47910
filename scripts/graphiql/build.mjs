// Bundles GraphiQL into dist/graphiql, so that the server serves it from its own files and needs none of its packages
// at run time: index.html, and assets/<version>/ whose name changes with any byte in it.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');
const source = import.meta.dirname;
const output = join(root, 'dist', 'graphiql');
const require = createRequire(import.meta.url);

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    page: join(source, 'page.mjs'),
    // Monaco is GraphiQL's editor and comes with it, in the version that it wants.
    'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
    'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
    'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
  },
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  // GraphiQL imports these by names that lead to CommonJS, whose exports it then misses.
  alias: {
    'prettier/parser-babel': 'prettier/plugins/babel',
    'prettier/parser-graphql': 'prettier/plugins/graphql',
  },
  // graphiql/style.css holds the styles of Monaco too, and all fonts.
  loader: { '.css': 'empty', '.ttf': 'empty' },
  write: false,
  metafile: true,
  outdir: output,
});

const assets = new Map(outputFiles.map(({ path, contents }) => [path.slice(output.length + 1), contents]));
assets.set('graphiql.css', await readFile(require.resolve('graphiql/style.css')));
assets.set('page.css', await readFile(join(source, 'page.css')));

const hash = createHash('sha256');
for (const [name, contents] of [...assets].sort(([a], [b]) => (a < b ? -1 : 1)))
  hash.update(name).update(contents);
const version = hash.digest('hex').slice(0, 16);

const folder = join(output, 'assets', version);
await rm(output, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, contents] of assets) {
  await writeFile(join(folder, name), contents);
  await writeFile(join(folder, `${name}.gz`), gzipSync(contents, { level: 9 }));
}
await writeFile(join(output, 'LICENSES.txt'), await licences(Object.keys(metafile.inputs)));
const page = await readFile(join(source, 'index.html'), 'utf8');
await writeFile(join(output, 'index.html'), page.replaceAll('{{version}}', version));
const bytes = [...assets.values()].reduce((sum, contents) => sum + contents.byteLength, 0);
console.log(`GraphiQL: ${assets.size} files, ${(bytes / 1e6).toFixed(1)} MB, in dist/graphiql`);

/** The licence texts of the packages whose files were bundled, which go where the bundle goes. */
async function licences(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const texts = [];
  for (const folder of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(root, folder))).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : await readFile(join(root, folder, file), 'utf8');
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
