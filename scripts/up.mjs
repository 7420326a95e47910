/**
 * `npm run up`: from a fresh clone to a running Dockmaster. Installs, builds, finds or starts an engine, starts the server in
 * the background and says how to sign in. Safe to run again.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { hasCommand } from './lib/commands.mjs';
import { findEngine, privateEngineDirectory } from './lib/find-engine.mjs';
import { identify } from './lib/processes.mjs';
import { ROOT, ensureBuild, ensureDependencies, projectEnvironment } from './lib/project.mjs';
import {
  answersHealthz,
  commandFor,
  differingSettings,
  logFile,
  makeDataDirectory,
  mustBeFree,
  mustBeValid,
  quote,
  runningServer,
  serverSettings,
  settingsInForce,
  settingsOf,
  startServer,
  unknownSettings,
} from './lib/server.mjs';
import { PlainError, numberedSteps, runMain } from './lib/steps.mjs';
import { PrivateEngine } from './private-engine.mjs';

await runMain(async () => {
  const settings = serverSettings();
  makeDataDirectory(settings.dataDirectory);
  const release = takeTurn(join(settings.dataDirectory, 'up.lock'));
  try {
    await up(settings);
  } finally {
    release();
  }
});

async function up(settings) {
  const server = runningServer(settings.dataDirectory);
  const inForce = server === undefined ? settings : await seeRunning(server, settings);
  if (server === undefined) await start(settings);
  console.log(ending(inForce));
}

async function start(settings) {
  const step = numberedSteps();
  await mustBeFree(settings);
  await step('Packages', ensureDependencies);
  await step('Build', ensureBuild);
  await mustBeValid(projectEnvironment({ DOCKMASTER_DATA_DIR: settings.dataDirectory }));
  let engine;
  await step('Engine', async (say) => {
    engine = await findEngine(settings.dataDirectory, say);
    return engine.summary;
  });
  await step('Dockmaster', async (say) => {
    for (const warning of await unknownSettings()) say(`WARNING: ${warning}`);
    await startServer(settings, engine.dockerHost);
    return `started; log in ${shown(logFile(settings.dataDirectory))}`;
  });
}

/** @returns the settings that it runs with, which may be others than those given now */
async function seeRunning(server, given) {
  const { dataDirectory } = given;
  const inForce = settingsInForce(server);
  const settings = inForce === undefined ? given : { ...serverSettings(inForce), dataDirectory };
  if (!(await answersHealthz(settings.url))) {
    throw new PlainError(
      `Dockmaster runs as process ${server.pid} but does not answer at ${settings.url}. ` +
        `See ${shown(logFile(dataDirectory))}, or stop it with: ${commandFor('npm run down', dataDirectory)}`,
    );
  }
  const down = commandFor('npm run down', dataDirectory);
  const step = numberedSteps();
  await step('Engine', async (say) => (await reviveOwnEngine(dataDirectory, say)) ?? 'as before');
  await step('Dockmaster', async (say) => {
    const ignored =
      inForce === undefined ? [] : differingSettings(inForce, settingsToStart(inForce, dataDirectory));
    if (ignored.length > 0) {
      say(`NOT IN FORCE, since it was started with other values: ${ignored.join(', ')}`);
      say(`To put them in force: ${down}, then npm run up with the settings${stops(dataDirectory)}`);
    }
    return `already running as process ${server.pid}; to start the present code: ${down}, then up${stops(dataDirectory)}`;
  });
  return settings;
}

/** What `npm run down` stops besides, for who is told to call it. */
function stops(dataDirectory) {
  const own = PrivateEngine.adopt(privateEngineDirectory(dataDirectory));
  return own === undefined ? '' : ' (down also stops our own engine, and the containers on it)';
}

/** What a server would be started with now. Where no engine is named, it has our own if it was started with that. */
function settingsToStart(inForce, dataDirectory) {
  const own = PrivateEngine.adopt(privateEngineDirectory(dataDirectory));
  const usesOwn = own !== undefined && own.dockerHost === inForce.DOCKER_HOST;
  return {
    ...(usesOwn ? { DOCKER_HOST: own.dockerHost } : {}),
    ...settingsOf(process.env),
    DOCKMASTER_DATA_DIR: dataDirectory,
  };
}

/** Two at a time would start two engines on the same data. @returns {() => void} ends the turn */
function takeTurn(file) {
  const other = existsSync(file) ? identify(Number(readFileSync(file, 'utf8'))) : undefined;
  if (other)
    throw new PlainError(
      `Another \`npm run up\` is at work as process ${other.pid} (if not, remove ${file}).`,
    );
  writeFileSync(file, `${process.pid}\n`);
  return () => rmSync(file, { force: true });
}

/** Our own engine may have ended while the server ran on. @returns what was done, or undefined */
async function reviveOwnEngine(dataDirectory, say) {
  const directory = privateEngineDirectory(dataDirectory);
  const usesOwn = existsSync(join(directory, 'engine.json'));
  if (!usesOwn || (await PrivateEngine.adopt(directory)?.isReady())) return undefined;
  return (await findEngine(dataDirectory, say)).summary;
}

/** A path as the user can paste it: short where npm was called from the project's own folder. */
function shown(path) {
  const short = relative(ROOT, path);
  return process.env.INIT_CWD === ROOT && !short.startsWith('..') ? short : path;
}

function ending({ url, dataDirectory }) {
  const passwordFile = join(dataDirectory, 'initial-admin-password');
  const given = process.env.DOCKMASTER_ADMIN_PASSWORD;
  const known = given || existsSync(passwordFile);
  const where = given
    ? 'the one in DOCKMASTER_ADMIN_PASSWORD'
    : known
      ? `in ${shown(passwordFile)}`
      : 'the one you set';
  const password = given
    ? '$DOCKMASTER_ADMIN_PASSWORD'
    : known
      ? `$(cat ${quote(shown(passwordFile))})`
      : 'YOUR_PASSWORD';
  return `
Dockmaster is ready:  ${url}
  REST reference      ${url}/docs
  GraphQL             ${url}/graphql
Sign in:              user admin, password ${where}
First call:

${firstCall(url, password)}

Stop:                 ${commandFor('npm run down', dataDirectory)}${stops(dataDirectory)}`;
}

function firstCall(url, password) {
  if (hasCommand('curl')) {
    return [
      `TOKEN=$(curl -fsS ${url}/api/v1/auth/login -H 'content-type: application/json' \\`,
      `  -d '{"username":"admin","password":"'"${password}"'"}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`,
      `curl -fsS "${url}/api/v1/engines/local/containers" -H "authorization: Bearer $TOKEN"; echo`,
    ].join('\n');
  }
  return [
    `PASSWORD="${password}" node --input-type=module -e '`,
    `const call = async (path, options) => (await fetch("${url}/api/v1" + path, options)).json();`,
    'const { accessToken } = await call("/auth/login", { method: "POST", headers: { "content-type": "application/json" },',
    '  body: JSON.stringify({ username: "admin", password: process.env.PASSWORD }) });',
    `console.log(await call("/engines/local/containers", { headers: { authorization: "Bearer " + accessToken } }));'`,
  ].join('\n');
}
