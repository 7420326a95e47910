/** The sandbox of a private engine, and the log that the two share. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { identify } from './processes.mjs';

const SCRIPT = join(import.meta.dirname, '..', 'private-engine-sandbox.sh');
const LOG_TAIL = 64 * 1024;
const REASON = 512;

/** The name of the cgroup that the engine puts its containers under. */
export function cgroupOf(runtime) {
  return runtime.slice(runtime.lastIndexOf('/') + 1);
}

/** With cgroup version 1 the processes of a paused container do not end, however they are killed, before they are thawed. */
export function thaw(cgroup) {
  const states = spawnSync('find', ['/sys/fs/cgroup', '-path', `*/${cgroup}/*`, '-name', 'freezer.state']);
  for (const file of states.stdout.toString().split('\n').filter(Boolean)) {
    try {
      writeFileSync(file, 'THAWED', { flag: 'r+' });
    } catch (error) {
      // A container that ends meanwhile takes its cgroup along: found, and then gone.
      if (error.code !== 'ENOENT' && error.code !== 'ENODEV') throw error;
    }
  }
}

/** Makes the namespaces; resolves when they stand, with the identities of the sandbox's init and of the script around it. */
export async function startSandbox({ runtime, home, name, cgroupVersion, network, lifetime }) {
  const log = openSync(join(home, 'engine.log'), 'a+');
  const settings = [runtime, name, cgroupOf(runtime), String(cgroupVersion), network, lifetime, home];
  const child = spawn('bash', [SCRIPT, ...settings], {
    stdio: [lifetime === 'owner' ? 'pipe' : 'ignore', 'pipe', log],
    detached: true, // Ctrl-C is for the owner; the sandbox then ends in order
    cwd: '/',
  });
  const line = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('it ended at once')));
    createInterface({ input: child.stdout }).once('line', resolve);
  })
    .catch((error) => {
      // Read through the open file: a sandbox that failed has removed it with its directory.
      throw new Error(`cannot make a sandbox for the engine ${name}: ${error.message}\n${endOf(log)}`);
    })
    .finally(() => closeSync(log));
  child.removeAllListeners('exit');
  child.stdout.destroy();
  child.unref();
  child.stdin?.unref?.();
  const [pid] = line.split(' ');
  return {
    init: identify(Number(pid)),
    outer: identify(child.pid),
    overlay: line.includes('overlay=yes'),
    iptables: line.includes('iptables=yes'),
  };
}

function endOf(file) {
  const size = Math.min(fstatSync(file).size, REASON);
  const text = Buffer.alloc(size);
  readSync(file, text, 0, size, fstatSync(file).size - size);
  return text.toString().trimEnd();
}

/** The last 64 KiB of the engine's log. */
export function logTail(home) {
  return readFileSync(join(home, 'engine.log')).subarray(-LOG_TAIL).toString();
}

export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
