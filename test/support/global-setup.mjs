/**
 * Before the end-to-end tests: the build that they test, and for each of jest's workers one private engine with `busybox:latest`, which the test files that it
 * runs share, and one PostgreSQL server for all. They end with this process, also when it is killed. `shared-peers.ts` is how a
 * test gets at them.
 */
import { PrivateEngine } from '../../scripts/private-engine.mjs';
import { ensureBuild } from '../../scripts/lib/project.mjs';
import { startPostgres } from '../../scripts/private-postgres.mjs';

/** @param {{ maxWorkers: number }} globalConfig jest's; its workers are numbered from 1 */
export default async function setup({ maxWorkers }) {
  await ensureBuild((what) => console.log(what));
  const [postgres, ...engines] = await Promise.all([
    startPostgres(),
    ...Array.from({ length: maxWorkers }, (_, index) => startEngine(index + 1)),
  ]);
  process.env.TEST_POSTGRES_URL = postgres.url;
  process.env.TEST_ENGINE_DIRECTORIES = JSON.stringify(engines.map(({ directory }) => directory));
  globalThis.sharedPeers = [postgres, ...engines];
}

async function startEngine(worker) {
  const engine = await PrivateEngine.start({
    name: `shared-${worker}`,
    onProgress: (what) => console.log(what),
  });
  await engine.importBusybox();
  return engine;
}
