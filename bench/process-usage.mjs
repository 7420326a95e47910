/** What a process uses, as the kernel counts it (proc(5)). */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU time so far, user and system, in seconds. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the command's name may hold spaces
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory now, in bytes. */
export function residentBytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) * 1024;
}

/** CPU seconds per second that each of the processes uses over the next `seconds`. @returns {Promise<number[]>} */
export async function cpuUseOver(seconds, ...pids) {
  const begin = performance.now();
  const before = pids.map(cpuSeconds);
  await sleep(seconds * 1000);
  const elapsed = (performance.now() - begin) / 1000;
  return pids.map((pid, index) => (cpuSeconds(pid) - before[index]) / elapsed);
}
