/**
 * `npm test`: everything that must hold, from a fresh clone. Installs what it needs, runs the checks, the unit tests and the
 * end-to-end tests, and ends with the counts. `npm test -- PATTERN` runs only the tests of the files that match.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasBusybox } from './lib/busybox.mjs';
import { hasCommand, mustRun } from './lib/commands.mjs';
import { installPackages } from './lib/packages.mjs';
import { NODE, ROOT, ensureBuild, ensureDependencies, projectEnvironment } from './lib/project.mjs';
import { PlainError, numberedSteps, runMain } from './lib/steps.mjs';
import { findPostgres } from './private-postgres.mjs';

/** What the end-to-end tests run against, by the Debian package that brings it. */
const TEST_PROGRAMS = {
  'docker.io': () => hasCommand('dockerd'),
  'busybox-static': hasBusybox,
  'docker-registry': () => hasCommand('docker-registry'),
  postgresql: () => findPostgres() !== undefined,
  'openssh-server': () => hasCommand('sshd'),
  'openssh-client': () => hasCommand('ssh-keygen'),
  iproute2: () => hasCommand('ip'),
  iptables: () => hasCommand('iptables'),
  curl: () => hasCommand('curl'),
  // clients that are held against the engine itself
  'python3-docker': () => existsSync('/usr/lib/python3/dist-packages/docker'),
  'docker-compose': () => hasCommand('docker-compose'),
};
const DOCKER_CLIENT = 'docker-cli'; // apart from docker.io since Debian 13

/** Jest by itself leaves one of two cores to others. */
const UNIT_WORKERS = ['--maxWorkers=2'];
/**
 * End-to-end tests mostly wait, for engines and for what they watch: two files go side by side, each on an engine of its own. A
 * worker that has grown is replaced, since every collection of its heap stops what it tests.
 */
const SIDE_BY_SIDE = ['--maxWorkers=2', '--workerIdleMemoryLimit=1GB'];

/** Jest is done when it has written its results; what keeps it alive for longer than this was left open by a test. */
const LINGER_MS = 30_000;
const JEST_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';

/** @typedef {{ tier: string, passed: number, failed: number, skipped: number }} Counts */

const npmRun = (script, ...args) =>
  mustRun('npm', ['run', '--silent', script, '--', ...args], { cwd: ROOT, env: projectEnvironment() });

/** The quickest and most telling first. Each returns its outcome, and throws when it fails. */
const CHECKS = {
  'Lock file': async () => (await mustRun(NODE, [join(import.meta.dirname, 'lock-file.mjs')])).trim(),
  Format: () => npmRun('format:check').then(() => 'as prettier has it'),
  Types: () => npmRun('typecheck').then(() => 'no errors'),
  Build: ensureBuild,
  Contracts: () => npmRun('contracts', '--check').then(() => 'openapi/ is what the code says'),
  OpenAPI: () => npmRun('contracts:lint').then(() => 'no warnings by the strict rules'),
  Lint: () => npmRun('lint').then(() => 'no warnings'),
};
/** As long as the others together, and in need of none of them: it goes on beside them. */
const BESIDE_THE_OTHERS = 'Lint';

let interrupted = false;
let current;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    current?.kill(signal);
  });
}

await runMain(async () => {
  const pattern = process.argv.slice(2);
  const results = mkdtempSync(join(tmpdir(), 'dockmaster-test-'));
  const step = numberedSteps();
  /** @type {Counts[]} */
  const counts = [];
  try {
    await step('Packages', ensureDependencies);
    await step('Programs for the tests', ensureTestPrograms);
    if (pattern.length > 0) {
      await step(`Tests of ${pattern.join(' ')}`, () =>
        jest('tests', [...pattern, '--runInBand'], results, counts),
      );
    } else {
      counts.push(await runChecks(step));
      await step('Unit tests', () =>
        jest('unit', ['--selectProjects', 'unit', ...UNIT_WORKERS], results, counts),
      );
      await step('End-to-end tests', () =>
        jest('e2e', ['--selectProjects', 'e2e', ...SIDE_BY_SIDE], results, counts),
      );
    }
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
  if (interrupted) throw new PlainError('interrupted');
  summarise(counts);
});

async function ensureTestPrograms(say) {
  const missing = Object.keys(TEST_PROGRAMS).filter((name) => !TEST_PROGRAMS[name]());
  const optional = hasCommand('docker') ? [] : [DOCKER_CLIENT];
  if (missing.length === 0 && hasCommand('docker')) return 'all there';
  await installPackages(missing, say, { optional, startServices: false });
  return `installed ${missing.join(', ')}`;
}

/** Runs all of them, also after a failure: one run tells everything. */
async function runChecks(step) {
  const counts = { tier: 'checks', passed: 0, failed: 0, skipped: 0 };
  const beside = Promise.allSettled([CHECKS[BESIDE_THE_OTHERS]()]);
  for (const [title, check] of Object.entries(CHECKS)) {
    if (interrupted) break;
    await step(title, async (say) => {
      try {
        const outcome = await (title === BESIDE_THE_OTHERS ? outcomeOf(beside) : check(say));
        counts.passed += 1;
        return outcome;
      } catch (error) {
        if (!(error instanceof PlainError)) throw error;
        counts.failed += 1;
        console.error(error.message);
        return 'FAILED';
      }
    });
  }
  return counts;
}

async function outcomeOf(settled) {
  const [{ status, value, reason }] = await settled;
  if (status === 'rejected') throw reason;
  return value;
}

async function jest(tier, args, results, counts) {
  if (interrupted) return 'not run';
  const file = join(results, `${tier}.json`);
  const program = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const code = await runJest([program, ...args, '--json', `--outputFile=${file}`], file);
  const result = readCounts(tier, file, code);
  counts.push(result);
  return describe(result);
}

/** Shows jest's own report as it goes; its JSON goes to the file. */
function runJest(args, file) {
  return new Promise((resolve, reject) => {
    const env = projectEnvironment({ NODE_OPTIONS: JEST_OPTIONS });
    const child = spawn(NODE, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
    current = child;
    let done;
    const watch = setInterval(() => {
      if (!existsSync(file)) return;
      done ??= performance.now();
      if (performance.now() - done < LINGER_MS) return;
      console.error('jest does not end: a test left something open (a server, a socket, a timer)');
      child.kill('SIGKILL');
    }, 1_000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(watch);
      current = undefined;
      resolve(code ?? 1);
    });
  });
}

/** @returns {Counts} A file that could not be run, and a failure of jest itself, count as a failed test. */
function readCounts(tier, file, code) {
  if (!existsSync(file)) return { tier, passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    tier,
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function summarise(counts) {
  console.log('\nTests by tier');
  for (const count of counts) console.log(`  ${count.tier.padEnd(8)}${describe(count)}`);
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  console.log(`\n${describe(total)}`);
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
}
