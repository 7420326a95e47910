import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { checkDatabase, isSqlite, openDatabase } from './open-database.js';

const HERE = import.meta.dirname;
const HOOKS = join(HERE, 'testing/typescript-hooks.mjs');
const WRITER = join(HERE, 'testing/writer.ts');

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-open-'));
});
const writers: ChildProcess[] = [];
afterEach(async () => {
  for (const writer of writers.splice(0)) writer.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts a process that writes, and waits until `count` records are committed. */
async function startWriter(count: number) {
  const child = spawn(process.execPath, ['--import', HOOKS, WRITER, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  writers.push(child);
  const committed: number[] = [];
  const lines = createInterface(child.stdout);
  const enough = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      committed.push(Number(line));
      if (committed.length === count) resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`the writer ended by itself with ${String(code)}`));
    });
  });
  await enough;
  return { child, committed, lines };
}

describe('the SQLite database', () => {
  it('is made from nothing, with its directory, for the eyes of its owner only', async () => {
    const nested = join(dataDir, 'a/b');
    const db = await openDatabase({ dataDir: nested });
    expect(isSqlite(db)).toBe(true);
    expect(await db.selectFrom('user_account').selectAll().execute()).toEqual([]);
    expect((await stat(nested)).mode & 0o777).toBe(0o700);
    for (const file of ['dockmaster.db', 'dockmaster.db-wal', 'dockmaster.db.lock']) {
      expect((await stat(join(nested, file))).mode & 0o777).toBe(0o600);
    }
    await db.destroy();
  });

  it('that was put back readable by all is closed to others when it is opened', async () => {
    await (await openDatabase({ dataDir })).destroy();
    const file = join(dataDir, 'dockmaster.db');
    await chmod(file, 0o644);
    const db = await openDatabase({ dataDir });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await db.destroy();
  });

  it('is durable and checks references', async () => {
    const db = await openDatabase({ dataDir });
    const pragma = async (name: string) =>
      Object.values((await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(db)).rows[0] ?? {})[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    await db.destroy();
  });

  it('opens again with what was written, and migrates only once', async () => {
    const first = await openDatabase({ dataDir });
    await sql`insert into sign_in_throttle values ('k', 1, 2, 3)`.execute(first);
    await first.destroy();
    const second = await openDatabase({ dataDir });
    expect(await second.selectFrom('sign_in_throttle').selectAll().execute()).toEqual([
      { key: 'k', attempts: 1, next_at: 2, last_at: 3 },
    ]);
    await second.destroy();
  });

  it('is refused to a second opener in the same process, also by another path', async () => {
    const db = await openDatabase({ dataDir });
    const alias = `${dataDir}-alias`;
    await symlink(dataDir, alias);
    await expect(openDatabase({ dataDir })).rejects.toThrow('in use by another Dockmaster process');
    await expect(openDatabase({ dataDir: alias })).rejects.toMatchObject({ kind: 'unavailable' });
    await rm(alias);
    await db.destroy();
    await (await openDatabase({ dataDir })).destroy();
  });

  it('is refused while another process has it; kill -9 of that one loses nothing and leaves no lock', async () => {
    const { child, committed, lines } = await startWriter(50);
    child.removeAllListeners('exit');
    await expect(openDatabase({ dataDir })).rejects.toThrow('in use by another Dockmaster process');

    const drained = once(lines, 'close');
    child.kill('SIGKILL');
    await Promise.all([once(child, 'exit'), drained]);

    const db = await openDatabase({ dataDir });
    const stored = await db.selectFrom('ownership').select('object_id').execute();
    const ids = new Set(stored.map((row) => Number(row.object_id)));
    expect(committed.length).toBeGreaterThanOrEqual(50);
    expect(committed.filter((number) => !ids.has(number))).toEqual([]);
    await db.destroy();
  });

  it('undoes a transaction that fails', async () => {
    const db = await openDatabase({ dataDir });
    const work = db.transaction().execute(async (transaction) => {
      await sql`insert into sign_in_throttle values ('k', 1, 2, 3)`.execute(transaction);
      throw new Error('half way');
    });
    await expect(work).rejects.toThrow('half way');
    expect(await db.selectFrom('sign_in_throttle').selectAll().execute()).toEqual([]);
    await db.destroy();
  });

  it('that can not be made says where and why', async () => {
    const file = join(dataDir, 'file');
    await (await openDatabase({ dataDir: file })).destroy();
    await expect(openDatabase({ dataDir: join(file, 'dockmaster.db') })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining(file),
    });
  });

  it('that is something else is left as it is', async () => {
    const file = join(dataDir, 'dockmaster.db');
    await writeFile(
      file,
      'my letters to the editor, not a database, and long enough to have a header'.repeat(20),
    );
    const before = await readFile(file);
    await expect(openDatabase({ dataDir })).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await readFile(file)).toEqual(before);
  });
});

describe('a PostgreSQL server that is away', () => {
  it('makes the start fail with `unavailable`, without the password in the message', async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const attempt = openDatabase({
      dataDir,
      databaseUrl: `postgres://u:secret@127.0.0.1:${port}/x`,
      patienceMs: 0,
    });
    await expect(attempt).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.not.stringContaining('secret'),
    });
    server.close();
  });
});

describe('a check of the database', () => {
  it('passes while it answers', async () => {
    const db = await openDatabase({ dataDir });
    await expect(checkDatabase(db)).resolves.toBeUndefined();
    await db.destroy();
  });
});
