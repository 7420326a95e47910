/**
 * `npm run bench`: what Dockmaster costs, measured side by side with the raw engine. Needs what a private engine needs (root,
 * docker.io, busybox-static). Options, after `--`:
 *
 *   --quick        fewer and shorter rounds
 *   --only NAMES   some of the measurements, by commas: process, idle, list, many, inspect, logs, viewers, events,
 *                  changes, gate, door, memory, webhooks
 *   --json FILE    the figures as JSON too
 *
 * Progress goes to standard error, the tables to standard output.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { hasBusybox } from './lib/busybox.mjs';
import { hasCommand } from './lib/commands.mjs';
import { installPackages } from './lib/packages.mjs';
import { NODE, ROOT, ensureBuild, ensureDependencies, projectEnvironment } from './lib/project.mjs';
import { numberedSteps, runMain } from './lib/steps.mjs';

/** What a private engine is made of, by the Debian package that brings it. */
const PROGRAMS = {
  'docker.io': () => hasCommand('dockerd'),
  'busybox-static': hasBusybox,
  iproute2: () => hasCommand('ip'),
  haproxy: () => hasCommand('haproxy'), // a plain proxy to compare with
};

await runMain(async () => {
  const step = numberedSteps(console.error);
  await step('Packages', ensureDependencies);
  await step('Programs', ensurePrograms);
  await step('Build', ensureBuild);
  process.exitCode = await runPinned(join(ROOT, 'bench', 'main.mjs'), process.argv.slice(2));
});

async function ensurePrograms(say) {
  const missing = Object.keys(PROGRAMS).filter((name) => !PROGRAMS[name]());
  if (missing.length === 0) return 'all there';
  await installPackages(missing, say, { startServices: false });
  return `installed ${missing.join(', ')}`;
}

/** The pinned Node.js, whatever runs this. @returns {Promise<number>} its exit status */
function runPinned(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, [program, ...args], { stdio: 'inherit', env: projectEnvironment() });
    // The terminal tells the child too; who tells only us wants both to end.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
