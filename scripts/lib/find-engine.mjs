/** Finds the engine for `npm run up`, or starts one of our own where there is none and this user may. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasBusybox } from './busybox.mjs';
import { hasCommand } from './commands.mjs';
import { engineAnswers, hasImage } from './engine-http.mjs';
import { canInstallPackages, installPackages } from './packages.mjs';
import { PrivateEngine } from '../private-engine.mjs';

const SYSTEM_SOCKET = '/var/run/docker.sock';
const SERVICE_START_MS = 20_000;
const REASON_LINES = 12;
/** ca-certificates: for pulls. iproute2: for its network. curl: for the first call. */
const PACKAGES = ['docker.io', 'busybox-static', 'ca-certificates', 'iproute2', 'curl'];
const DOCKER_CLIENT = ['docker-cli']; // apart from docker.io since Debian 13

/** Where our own engine keeps its data. */
export const privateEngineDirectory = (dataDirectory) => join(dataDirectory, 'engine');

/**
 * @typedef {object} FoundEngine
 * @property {string | undefined} dockerHost for the server; undefined leaves it at its default
 * @property {boolean} answers
 * @property {string} summary one line for the user
 */

/**
 * @param {string} dataDirectory
 * @param {(what: string) => void} say
 * @returns {Promise<FoundEngine>}
 */
export async function findEngine(dataDirectory, say) {
  const chosen = process.env.DOCKER_HOST;
  if (chosen) return chosenEngine(chosen);
  if (await engineAnswers(SYSTEM_SOCKET)) return found(undefined, `the system's engine at ${SYSTEM_SOCKET}`);

  const own = PrivateEngine.adopt(privateEngineDirectory(dataDirectory));
  if (own !== undefined) return reviveOwnEngine(own, say);
  if (process.getuid?.() !== 0) return none(whyNoSystemEngine());

  try {
    if (!hasCommand('dockerd')) {
      if (!canInstallPackages())
        return none('there is no engine on this machine and no apt-get to install one with');
      await installPackages(PACKAGES, say, { optional: DOCKER_CLIENT, startServices: true });
      if (await systemEngineStarts())
        return found(undefined, `installed the system's engine, at ${SYSTEM_SOCKET}`);
    }
    return await startOwnEngine(dataDirectory, say);
  } catch (error) {
    return none(error.message.split('\n').slice(-REASON_LINES).join('\n   '));
  }
}

function found(dockerHost, summary) {
  return { dockerHost, answers: true, summary };
}

function none(reason) {
  return {
    dockerHost: undefined,
    answers: false,
    summary: `NO ENGINE: ${reason}\n   Dockmaster starts all the same and connects to ${SYSTEM_SOCKET} (or DOCKER_HOST) when one appears there.`,
  };
}

async function chosenEngine(dockerHost) {
  const socket = /^unix:\/\/(\/.*)$/.exec(dockerHost)?.[1];
  if (socket === undefined) return found(dockerHost, `${dockerHost}, as DOCKER_HOST says`);
  if (await engineAnswers(socket)) return found(dockerHost, `${dockerHost}, as DOCKER_HOST says`);
  const summary = `NO ENGINE answers at ${dockerHost} (from DOCKER_HOST). Dockmaster starts all the same and connects when one does.`;
  return { dockerHost, answers: false, summary };
}

function whyNoSystemEngine() {
  return existsSync(SYSTEM_SOCKET)
    ? `${SYSTEM_SOCKET} does not answer this user: is an engine running, and is the user in the group docker?`
    : `there is no ${SYSTEM_SOCKET}, and starting an engine of our own needs root`;
}

async function systemEngineStarts() {
  if (!existsSync('/run/systemd/system')) return false;
  const end = performance.now() + SERVICE_START_MS;
  while (performance.now() < end) {
    if (await engineAnswers(SYSTEM_SOCKET)) return true;
    await sleep(200);
  }
  return false;
}

async function reviveOwnEngine(engine, say) {
  if (await engine.isReady())
    return found(engine.dockerHost, `our own engine, running at ${engine.socketPath}`);
  say('our own engine does not answer: starts it again unless it is just busy');
  try {
    await engine.ensureReady({ onProgress: say });
    return found(engine.dockerHost, `our own engine, again at ${engine.socketPath}`);
  } catch (error) {
    return { ...none(error.message), dockerHost: engine.dockerHost };
  }
}

async function startOwnEngine(dataDirectory, say) {
  say('starts an engine of our own');
  const engine = await PrivateEngine.start({
    name: 'dockmaster',
    directory: privateEngineDirectory(dataDirectory),
    lifetime: 'detached',
    network: 'host',
    onProgress: say,
  });
  if (!hasBusybox() && canInstallPackages()) {
    await installPackages(['busybox-static'], say, { startServices: true });
  }
  if (hasBusybox() && !(await hasImage(engine.socketPath, 'busybox:latest'))) {
    say('imports busybox:latest, so that there is something to run offline');
    await engine.importBusybox();
  }
  return found(engine.dockerHost, `started our own engine at ${engine.socketPath}`);
}
