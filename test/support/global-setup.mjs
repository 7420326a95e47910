/**
 * Before the end-to-end tests: one private engine with `busybox:latest` and one PostgreSQL server, which all test files share.
 * They end with this process, also when it is killed. `shared-peers.ts` is how a test gets at them.
 */
import { PrivateEngine } from '../../scripts/private-engine.mjs';
import { startPostgres } from '../../scripts/private-postgres.mjs';

export default async function setup() {
  const [engine, postgres] = await Promise.all([
    PrivateEngine.start({ name: 'shared', onProgress: (what) => console.log(what) }),
    startPostgres(),
  ]);
  await engine.importBusybox();
  process.env.TEST_ENGINE_DIRECTORY = engine.directory;
  process.env.TEST_ENGINE_SOCKET = engine.socketPath;
  process.env.TEST_POSTGRES_URL = postgres.url;
  globalThis.sharedPeers = [engine, postgres];
}
