/**
 * Checks that package-lock.json is complete: `node scripts/lock-file.mjs`, or with `--fix` completes it.
 *
 * npm writes an incomplete one behind a registry that lacks the builds for other platforms, and `npm ci` then refuses it
 * everywhere. A build for another platform needs no more than a name, a version and that platform: npm skips it elsewhere.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '..', 'package-lock.json');
const PLATFORM =
  /-(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)/;

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !isLocked(path, name))
    .map(([name, version]) => ({ name, version, dev: entry.dev })),
);

/** Whether the dependency is found from the package's folder upwards, as Node.js resolves it. */
function isLocked(path, name) {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('/node_modules/'))) {
    if (`${folder}/node_modules/${name}`.replace(/^\//, '') in lock.packages) return true;
    if (!folder.includes('/node_modules/')) return `node_modules/${name}` in lock.packages;
  }
}

function entryFor({ name, version, dev }) {
  const platform = PLATFORM.exec(name);
  if (!platform || !/^\d/.test(version)) throw new Error(`cannot tell the platform of ${name}@${version}`);
  return { version, cpu: [platform[2]], ...(dev ? { dev } : {}), optional: true, os: [platform[1]] };
}

if (missing.length === 0) {
  console.log('package-lock.json is complete');
} else if (process.argv.includes('--fix')) {
  for (const dependency of missing) lock.packages[`node_modules/${dependency.name}`] = entryFor(dependency);
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(FILE, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`package-lock.json: added ${missing.length} builds for other platforms`);
} else {
  console.error(
    `package-lock.json lacks these, so \`npm ci\` refuses it; run \`node scripts/lock-file.mjs --fix\`:`,
  );
  for (const { name, version } of missing) console.error(`  ${name}@${version}`);
  process.exitCode = 1;
}
