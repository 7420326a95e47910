/** The project itself: its folder, its packages, its build, the Node.js that it is pinned to. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { mustRun } from './commands.mjs';

export const ROOT = join(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');
/** The pinned Node.js: the `node` package puts it there. The system's own may be older. */
export const NODE = join(BIN, 'node');

/** The environment in which the project's programs run: the pinned Node.js first. */
export function projectEnvironment(extra = {}) {
  return { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Installs the packages of the lock file unless exactly those are installed. @returns {Promise<string>} the outcome */
export async function ensureDependencies(say) {
  if (dependenciesAreCurrent()) return 'up to date';
  say('npm ci: downloads some hundreds of packages');
  // No package needs its install script but `node`: they would compile what comes compiled, which needs compilers.
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  await mustRun('npm', ['ci', '--ignore-scripts', ...quiet], { cwd: ROOT });
  say('downloads the pinned Node.js');
  await mustRun('npm', ['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error'], { cwd: ROOT });
  return `installed; Node.js ${(await mustRun(NODE, ['--version'])).trim()}`;
}

/** npm notes what it installed in a lock file of its own, which it writes last. */
function dependenciesAreCurrent() {
  const installedFile = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile) || !existsSync(NODE)) return false;
  const { packages: wanted } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { packages: installed } = JSON.parse(readFileSync(installedFile, 'utf8'));
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    return path in installed
      ? installed[path].version === entry.version
      : entry.optional === true || entry.peer === true;
  });
}

/** Builds unless `dist` was built from exactly the present sources. @returns {Promise<string>} the outcome */
export async function ensureBuild(say) {
  const stampFile = join(ROOT, 'dist', '.built-from'); // the build empties dist, so a build by hand removes it
  const sources = fingerprint([
    'src',
    'scripts',
    'nest-cli.json',
    'tsconfig.json',
    'tsconfig.build.json',
    '.swcrc',
    'package.json',
    'package-lock.json',
  ]);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sources) return 'up to date';
  say('npm run build');
  rmSync(stampFile, { force: true });
  await mustRun('npm', ['run', '--silent', 'build'], { cwd: ROOT, env: projectEnvironment() });
  writeFileSync(stampFile, sources);
  return 'built';
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesBelow(join(ROOT, path)))) {
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path)
      .sort()
      .flatMap((entry) => filesBelow(join(path, entry)));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}
