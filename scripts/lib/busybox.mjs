/** A small image made from the machine's own static busybox, so that nothing has to be pulled. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tar } from './tar.mjs';

const BINARY = '/bin/busybox';

/** Whether a statically linked busybox is installed, as Debian's busybox-static is: one without a dynamic loader. */
export function hasBusybox() {
  return (
    existsSync(BINARY) && !/\/ld-(linux|musl)/.test(readFileSync(BINARY).subarray(0, 4096).toString('latin1'))
  );
}

/**
 * The root file system: busybox, a link for each of its commands, and what programs expect to find.
 * @param {import('./tar.mjs').TarEntry[]} [extra] entries to add
 */
export function busyboxRootFs(extra = []) {
  if (!hasBusybox()) throw new Error(`${BINARY} is missing or not static: install busybox-static`);
  const commands = execFileSync(BINARY, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  return tar([
    { path: 'bin/', kind: 'directory' },
    { path: 'bin/busybox', content: readFileSync(BINARY) },
    ...commands
      .filter((command) => command !== 'busybox')
      .map((command) => ({ path: `bin/${command}`, kind: 'symlink', target: 'busybox' })),
    { path: 'etc/', kind: 'directory' },
    {
      path: 'etc/passwd',
      mode: 0o644,
      content: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    },
    { path: 'etc/group', mode: 0o644, content: 'root:x:0:\nnogroup:x:65534:\n' },
    { path: 'root/', kind: 'directory', mode: 0o700 },
    { path: 'tmp/', kind: 'directory', mode: 0o1777 },
    ...extra,
  ]);
}
