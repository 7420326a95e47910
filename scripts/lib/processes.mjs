/** Processes by their identity: an id together with its start time, so that a reused id is never taken for the old process. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ pid: number, startTime: string }} ProcessIdentity */

/** The fields of /proc/PID/stat after the command name, which may itself hold spaces and brackets. */
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
}

/** @returns {ProcessIdentity | undefined} undefined when there is no such process, or it has ended and waits for its parent */
export function identify(pid) {
  if (!existsSync('/proc/self')) return exists(pid) ? { pid, startTime: 'unknown' } : undefined; // not Linux
  const fields = statFields(pid);
  return fields === undefined || fields[0] === 'Z' ? undefined : { pid, startTime: fields[19] };
}

function exists(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/** @param {ProcessIdentity | undefined} identity */
export function isAlive(identity) {
  return identity !== undefined && identify(identity.pid)?.startTime === identity.startTime;
}

/** @returns {ProcessIdentity[]} */
export function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && statFields(entry)?.[1] === String(pid))
    .map((entry) => identify(Number(entry)))
    .filter((child) => child !== undefined);
}

/** Sends the signal if the process is still the one that was identified. */
export function signal(identity, name) {
  if (isAlive(identity)) process.kill(identity.pid, name);
}

/** Waits until the condition holds. @returns {Promise<boolean>} false when it did not within the time */
export async function eventually(condition, timeoutMs) {
  const end = performance.now() + timeoutMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() > end) return false;
    await sleep(20);
  }
}
