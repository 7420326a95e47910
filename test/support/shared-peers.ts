import { PrivateEngine } from './private-engine.js';

function fromSetup(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this file in the jest project "e2e"`);
  return value;
}

/**
 * The engine that the end-to-end tests of one jest worker share; it has `busybox:latest`. Files run one after the other on it.
 * Never kill, restart or stop it, and remove what you make: a test that needs an engine to itself starts its own with
 * `PrivateEngine.start()`.
 */
export function sharedEngine(): PrivateEngine {
  const directories = JSON.parse(fromSetup('TEST_ENGINE_DIRECTORIES')) as string[];
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 1);
  const engine = PrivateEngine.adopt(directories[worker - 1] ?? '');
  if (engine === undefined) throw new Error('the shared engine is gone');
  return engine;
}

/** The URL of the shared PostgreSQL server, as a superuser: for making a database of one's own. */
export function sharedPostgresUrl(): string {
  return fromSetup('TEST_POSTGRES_URL');
}
