/** Debian packages. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hasCommand, mustRun, run } from './commands.mjs';
import { PlainError } from './steps.mjs';

/** Debian's switch for "install, but start nothing": https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt */
const SERVICE_POLICY = '/usr/sbin/policy-rc.d';
const APT_ENVIRONMENT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
const APT_OPTIONS = ['-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120'];

/** Whether this process may install packages here. */
export function canInstallPackages() {
  return process.getuid?.() === 0 && hasCommand('apt-get');
}

/**
 * @param {string[]} names
 * @param {(what: string) => void} say
 * @param {{ optional?: string[], startServices: boolean }} options `optional`: packages that only some releases have;
 *   `startServices`: whether what is installed may start as the system does it
 */
export async function installPackages(names, say, { optional = [], startServices }) {
  if (!canInstallPackages()) {
    throw new PlainError(
      `Missing packages; install them as root:  apt-get install --no-install-recommends ${names.join(' ')}`,
    );
  }
  say('apt-get update');
  await mustRun('apt-get', ['update', '-q', ...APT_OPTIONS], { env: APT_ENVIRONMENT });
  const known = [];
  for (const name of optional) if ((await run('apt-cache', ['show', name])).code === 0) known.push(name);
  const all = [...names, ...known];
  say(`apt-get install ${all.join(' ')}`);
  await withoutStartingServices(!startServices, () =>
    mustRun('apt-get', ['install', '-qy', '--no-install-recommends', ...APT_OPTIONS, ...all], {
      env: APT_ENVIRONMENT,
    }),
  );
}

async function withoutStartingServices(hold, install) {
  if (!hold || existsSync(SERVICE_POLICY)) return install();
  const ours = '#!/bin/sh\n# Dockmaster is installing packages and wants no service started.\nexit 101\n';
  writeFileSync(SERVICE_POLICY, ours);
  chmodSync(SERVICE_POLICY, 0o755);
  try {
    return await install();
  } finally {
    if (readFileSync(SERVICE_POLICY, 'utf8') === ours) rmSync(SERVICE_POLICY);
  }
}
