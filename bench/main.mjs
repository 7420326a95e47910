/** Starts an engine and a Dockmaster of its own, takes the measurements one after another and prints them. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { PlainError } from '../scripts/lib/steps.mjs';
import { PrivateEngine } from '../scripts/private-engine.mjs';
import { measureChanges } from './changes.mjs';
import { Dockmaster } from './dockmaster.mjs';
import { measureDoor } from './door.mjs';
import { measureGate } from './gate.mjs';
import { measureIdle } from './idle.mjs';
import { measureInspect } from './inspect.mjs';
import { measureList } from './list.mjs';
import { measureLogs } from './logs.mjs';
import { measureMany } from './many.mjs';
import { measureMemory } from './memory.mjs';
import { measureProcess } from './process.mjs';
import { measureStartToEvent } from './start-to-event.mjs';
import { formatTable } from './table.mjs';
import { removeAllContainers } from './test-containers.mjs';
import { measureViewers } from './viewers.mjs';
import { measureWebhooks } from './webhooks.mjs';

/**
 * @typedef {object} Bench what a measurement works with
 * @property {PrivateEngine} engine
 * @property {(dockerHost?: string, environment?: Record<string, string>) => Promise<Dockmaster>} startDockmaster a new one, with an empty data directory, for `engine`
 *   unless told; the measurement stops it
 * @property {boolean} quick whether few and short rounds will do
 * @property {(what: string) => void} say shows progress
 */

/** By name, in the order in which they run. Each returns tables. */
const MEASUREMENTS = {
  process: measureProcess,
  idle: measureIdle,
  list: measureList,
  many: measureMany,
  inspect: measureInspect,
  logs: measureLogs,
  viewers: measureViewers,
  events: measureStartToEvent,
  changes: measureChanges,
  gate: measureGate,
  door: measureDoor,
  memory: measureMemory,
  webhooks: measureWebhooks,
};

const begin = performance.now();
const say = (what) =>
  console.error(`[${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s] ${what}`);

/** What was started and is to be ended, in the opposite order, however this ends. */
const started = [];
let ending;
process.once('SIGINT', () => void endAndExit(130));
process.once('SIGTERM', () => void endAndExit(143));
process.once('uncaughtException', failed);
await measureAll().then(() => endAndExit(0), failed);

async function measureAll() {
  const { quick, names, json } = readOptions();
  say('starts an engine');
  const engine = await PrivateEngine.start({ name: 'bench', onProgress: say });
  started.push(engine);
  await engine.importBusybox();
  const { Version, ApiVersion } = JSON.parse((await engine.call('GET', '/version')).text);
  console.log(
    `Dockmaster on Node ${process.version} beside Docker Engine ${Version} (API ${ApiVersion}), ` +
      `${availableParallelism()} CPUs shared with the engine and the load generator${quick ? '; quick' : ''}\n`,
  );

  const startDockmaster = async (dockerHost = engine.dockerHost, environment = {}) => {
    const dockmaster = await Dockmaster.start(dockerHost, environment);
    started.push(dockmaster);
    return dockmaster;
  };
  const results = {};
  for (const name of names) {
    say(name);
    const tables = await MEASUREMENTS[name]({
      engine,
      startDockmaster,
      quick,
      say: (what) => say(`  ${what}`),
    });
    await removeAllContainers(engine);
    for (const table of tables) console.log(`${formatTable(table)}\n`);
    results[name] = tables.map(({ title, rows }) => ({ title, rows }));
  }
  if (json !== undefined) {
    const figures = {
      takenAt: new Date().toISOString(),
      node: process.version,
      engine: Version,
      quick,
      results,
    };
    writeFileSync(json, `${JSON.stringify(figures, undefined, 2)}\n`);
  }
}

function failed(error) {
  // Once we are ending, whatever was under way fails.
  if (ending === undefined) console.error(error instanceof PlainError ? error.message : error);
  return endAndExit(1);
}

function endAndExit(status) {
  ending ??= endAll().finally(() => process.exit(status));
  return ending;
}

async function endAll() {
  for (const one of started.reverse()) await one.stop();
}

function readOptions() {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, json: { type: 'string' } },
  });
  const all = Object.keys(MEASUREMENTS);
  const wanted = values.only?.split(',') ?? all;
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new PlainError(`no such measurement: ${unknown.join(', ')} (there are ${all.join(', ')})`);
  return {
    quick: values.quick ?? false,
    names: all.filter((name) => wanted.includes(name)),
    json: values.json,
  };
}
