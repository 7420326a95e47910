import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryDataDir } from './support/dockmaster-process.js';
import { freePort } from './support/ports.js';
import { sharedEngine } from './support/shared-peers.js';

const SCRIPTS = join(import.meta.dirname, '..', 'scripts');

describe('npm run up', () => {
  let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
  let port: number;
  beforeEach(async () => {
    dataDir = await temporaryDataDir();
    port = await freePort();
  });
  afterEach(async () => {
    await run('down.mjs');
    await dataDir.remove();
  });

  /** @returns all that the command said */
  async function run(script: string, environment: Record<string, string> = {}): Promise<string> {
    const child = spawn(process.execPath, [join(SCRIPTS, script)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        DOCKER_HOST: `unix://${sharedEngine().socketPath}`,
        DOCKMASTER_LISTEN: `127.0.0.1:${port}`,
        DOCKMASTER_DATA_DIR: dataDir.path,
        DOCKMASTER_LOG_LEVEL: 'fatal',
        ...environment,
      },
    });
    const [said, complained] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return said + complained;
  }

  it('looks for no engine with settings that are not valid, and says what is wrong with them', async () => {
    const said = await run('up.mjs', { DOCKER_HOST: 'localhost:2375' });
    expect(said).toContain('DOCKER_HOST must be unix:///path');
    expect(said).not.toContain('Engine');
  });

  it('says which variables are no settings, though the log is for other things', async () => {
    expect(await run('up.mjs', { DOCKMASTER_LISTN: '127.0.0.1:1' })).toContain(
      'WARNING: DOCKMASTER_LISTN is not a setting, and has no effect: did you mean DOCKMASTER_LISTEN?',
    );
  });

  it('when it is up with other settings, says which are not in force, and where it is', async () => {
    expect(await run('up.mjs')).toContain(`Dockmaster is ready:  http://127.0.0.1:${port}`);

    const again = await run('up.mjs');
    expect(again).toContain('already running');
    expect(again).not.toContain('NOT IN FORCE');

    const other = await run('up.mjs', {
      DOCKMASTER_LISTEN: `127.0.0.1:${await freePort()}`,
      DOCKMASTER_LOG_LEVEL: '',
      DOCKMASTER_SECRET_KEY: 'never-shown-never-shown-never-shown',
    });
    expect(other).toContain(
      'NOT IN FORCE, since it was started with other values: DOCKMASTER_LISTEN, DOCKMASTER_LOG_LEVEL, DOCKMASTER_SECRET_KEY',
    );
    expect(other).toContain(
      `To put them in force: DOCKMASTER_DATA_DIR=${dataDir.path} npm run down, then npm run up with the settings`,
    );
    expect(other).toContain(`Stop:                 DOCKMASTER_DATA_DIR=${dataDir.path} npm run down`);
    expect(other).toContain(`Dockmaster is ready:  http://127.0.0.1:${port}`);
    expect(other).not.toContain('never-shown');
  });
});
