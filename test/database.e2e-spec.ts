import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { OwnershipService } from '../src/access/ownership.service.js';
import { checkDatabase, isSqlite, openDatabase } from '../src/database/open-database.js';
import type { Database } from '../src/database/schema.js';
import { buildIdentity, type Identity } from '../src/identity/testing/identity-fixture.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';

Logger.overrideLogger(false);

const PASSWORD = 'correct horse battery';
const WRONG = 'incorrect horse battery';
const HOME = '192.0.2.7';
const UNAVAILABLE = { kind: 'unavailable', retryAfter: 2 };

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-db-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const succeeded = <T>(results: PromiseSettledResult<T>[]) =>
  results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  let server: FreshDatabase | undefined;
  let db: Database;
  let identity: Identity;
  beforeEach(async () => {
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    db = await openDatabase({ dataDir, databaseUrl: server?.url });
    identity = buildIdentity({ db, dataDir });
  });
  afterEach(async () => {
    await db.destroy();
    await server?.drop();
  });

  it('an empty database gets every table, and opening it again changes nothing', async () => {
    expect(isSqlite(db)).toBe(kind === 'sqlite');
    await identity.users.create({ username: 'alice', password: PASSWORD });
    await db.destroy();
    db = await openDatabase({ dataDir, databaseUrl: server?.url });
    const tables = [
      'api_token',
      'audit_record',
      'ownership',
      'role_binding',
      'session',
      'sign_in_throttle',
    ] as const;
    for (const table of tables) expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
    const users = buildIdentity({ db, dataDir }).users;
    expect(await users.findByName('alice')).toMatchObject({
      createdAt: identity.clock.now(),
      disabled: false,
    });
  });

  it('a user is made once by many who try at the same time', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => identity.users.create({ username: 'alice', password: PASSWORD })),
    );
    expect(succeeded(results)).toHaveLength(1);
    expect(await identity.users.count()).toBe(1);
  });

  it('users are listed page by page', async () => {
    for (const username of ['b', 'a', 'c']) await identity.users.create({ username, password: PASSWORD });
    const first = await identity.users.list({ limit: 2 });
    const second = await identity.users.list({ limit: 2, after: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ username }) => username)).toEqual(['a', 'b', 'c']);
    expect([first.totalCount, second.nextCursor]).toEqual([3, null]);
  });

  it('of many guesses at the same time, only the free ones are let through', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 40 }, () => identity.throttle.begin('alice', HOME)),
    );
    expect(succeeded(attempts)).toHaveLength(5);
  });

  it('guesses from many addresses at the same time are let through up to the account’s limit', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 80 }, (_, index) => identity.throttle.begin('alice', `10.0.0.${index}`)),
    );
    expect(succeeded(attempts)).toHaveLength(50);
  });

  it('after the free guesses the delay doubles up to 15 minutes, and success forgives', async () => {
    const { throttle, clock } = identity;
    for (let index = 0; index < 5; index++) await throttle.begin('alice', HOME);
    for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      await expect(throttle.begin('alice', HOME)).rejects.toMatchObject({
        kind: 'too_many_requests',
        retryAfter: seconds,
      });
      clock.advance(seconds * 1_000);
      await throttle.begin('alice', HOME);
    }
    clock.advance(900_000);
    await throttle.succeeded(await throttle.begin('alice', HOME));
    await throttle.withdraw(await throttle.begin('alice', HOME));
    for (let index = 0; index < 3; index++) await throttle.begin('alice', HOME);
    await throttle.purge();
  });

  it('a refresh token used by many at the same time works once at most, and then the session ends', async () => {
    await identity.users.create({ username: 'alice', password: PASSWORD });
    const { refreshToken } = await identity.signIn.signIn('alice', PASSWORD, HOME);
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () => identity.sessions.refresh(refreshToken)),
    );
    const winners = succeeded(results);
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const { accessToken } of winners) {
      await expect(identity.authentication.authenticate(accessToken)).rejects.toMatchObject({
        kind: 'unauthenticated',
      });
    }
    expect(await db.selectFrom('session').selectAll().execute()).toEqual([]);
  });

  it('a session is refreshed, ended by a password change, and purged', async () => {
    const { id } = await identity.users.create({ username: 'alice', password: PASSWORD });
    const first = await identity.signIn.signIn('alice', PASSWORD, HOME);
    const second = await identity.sessions.refresh(first.refreshToken);
    for (const { accessToken } of [first, second]) {
      const actor = await identity.authentication.authenticate(accessToken);
      expect(actor).toMatchObject({ id, expiresAt: identity.clock.now() + 600_000 });
      await identity.authentication.requireLive(actor);
    }
    await identity.users.setPassword(id, WRONG);
    await expect(identity.sessions.refresh(second.refreshToken)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    await identity.signIn.signIn('alice', WRONG, HOME);
    identity.clock.advance(31 * 24 * 60 * 60_000);
    await identity.sessions.purge();
    expect(await db.selectFrom('session').select('id').execute()).toEqual([]);
  });

  it('an API token goes with the one that made it', async () => {
    const { id } = await identity.users.create({ username: 'alice', password: PASSWORD });
    const alice = { kind: 'user', id, name: 'alice', teamIds: [] } as const;
    const parent = await identity.apiTokens.create(alice, { name: 'parent', permissions: ['containers:*'] });
    const limited = await identity.authentication.authenticate(parent.secret);
    const child = await identity.apiTokens.create(limited, { name: 'child' });
    expect(await identity.authentication.authenticate(child.secret)).toMatchObject({
      limits: { permissions: ['containers:*'] },
    });
    const page = await identity.apiTokens.list(alice, { limit: 1 });
    expect((await identity.apiTokens.list(alice, { after: page.nextCursor ?? '' })).items).toMatchObject([
      { name: 'child' },
    ]);
    await identity.apiTokens.revoke(alice, parent.token.id);
    await expect(identity.authentication.authenticate(child.secret)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    await expect(identity.apiTokens.create(limited, { name: 'late' })).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it('replicas that start at the same time make one first admin', async () => {
    const replicas = [1, 2, 3].map(() => buildIdentity({ db, dataDir }));
    await Promise.all(replicas.map(({ firstAdmin }) => firstAdmin.onModuleInit()));
    expect(await identity.users.count()).toBe(1);
    expect(await db.selectFrom('role_binding').select(['role', 'level']).execute()).toEqual([
      { role: 'admin', level: 'privileged' },
    ]);
  });

  it('the audit trail is listed newest first, filtered and page by page', async () => {
    const entry = { door: 'rest', requestId: 'r', address: HOME, operation: 'ContainerStart' } as const;
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      ids.push(await identity.audit.begin({ ...entry, engine: index % 2 === 0 ? 'local' : 'edge' }));
      identity.clock.advance(index % 2);
    }
    await identity.audit.complete(ids[0] ?? '', 'succeeded');
    const first = await identity.audit.list({}, { limit: 3 });
    const second = await identity.audit.list({}, { limit: 3, after: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.reverse());
    expect(first.totalCount).toBe(5);
    expect((await identity.audit.list({ engine: 'local', outcome: 'pending' })).totalCount).toBe(2);
  });

  it('what a dead process left pending is interrupted: at once on SQLite, after a day with replicas', async () => {
    await identity.audit.begin({ door: 'rest', requestId: 'r', address: HOME, operation: 'ContainerStart' });
    const outcomes = async () => (await identity.audit.list({})).items.map(({ outcome }) => outcome);
    await identity.audit.closeInterrupted();
    expect(await outcomes()).toEqual([kind === 'sqlite' ? 'interrupted' : 'pending']);
    identity.clock.advance(24 * 60 * 60_000 + 1);
    await identity.audit.closeInterrupted();
    expect(await outcomes()).toEqual(['interrupted']);
  });

  it('ownership and role bindings are kept', async () => {
    const ownership = new OwnershipService(db, identity.clock);
    const volume = { engine: 'local', kind: 'volume', objectId: 'data', name: 'data' };
    const first = await ownership.record({ ...volume, ownerKind: 'user', ownerId: 'a' });
    expect(await ownership.record({ ...volume, ownerKind: 'user', ownerId: 'b' })).toEqual(first);
    await ownership.forget('local', 'volume', 'data');
    expect(await ownership.find('local', 'volume', 'data')).toBeUndefined();

    const binding = await identity.roleBindings.bind({
      role: 'viewer',
      subject: { kind: 'team', id: 't1' },
      scope: { engines: ['local'], labelSelector: 'team=web' },
      createdBy: 'system',
    });
    const actor = { kind: 'user', id: 'u1', name: 'u1', teamIds: ['t1'] } as const;
    expect(await identity.roleBindings.forActor(actor)).toEqual([binding]);
  });
});

/** Stands between Dockmaster and PostgreSQL, and cuts the line when told to. */
class CuttableLine {
  private readonly sockets = new Set<Socket>();
  private cut = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<CuttableLine> {
    const { hostname, port } = new URL(target);
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(target);
    url.host = `127.0.0.1:${(server.address() as { port: number }).port}`;
    const line = new CuttableLine(server, url.href);
    server.on('connection', (socket) => line.join(socket, connect(Number(port || 5432), hostname)));
    return line;
  }

  sever(): void {
    this.cut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.cut = false;
  }

  close(): void {
    this.sever();
    this.server.close();
  }

  private join(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    }
    if (this.cut) {
      near.destroy();
      far.destroy();
    } else {
      near.pipe(far).pipe(near);
    }
  }
}

describe('a PostgreSQL server that goes away', () => {
  let server: FreshDatabase;
  let line: CuttableLine;
  let db: Database;
  let lostConnections: Error[];
  beforeEach(async () => {
    server = await freshDatabase();
    line = await CuttableLine.to(server.url);
    lostConnections = [];
    db = await openDatabase({
      dataDir,
      databaseUrl: line.url,
      onLostConnection: (error) => lostConnections.push(error),
    });
  });
  afterEach(async () => {
    await db.destroy();
    line.close();
    await server.drop();
  });

  it('makes calls fail with `unavailable`, and is found again by itself', async () => {
    await checkDatabase(db);
    line.sever();
    await expect(checkDatabase(db)).rejects.toMatchObject(UNAVAILABLE);
    await expect(db.selectFrom('session').selectAll().execute()).rejects.toMatchObject(UNAVAILABLE);
    line.mend();
    await checkDatabase(db);
  });

  it('in the middle of a transaction undoes it, and leaves no broken connection behind', async () => {
    const work = db.transaction().execute(async (transaction) => {
      await sql`insert into sign_in_throttle values ('k', 1, 2, 3)`.execute(transaction);
      line.sever();
      await sql`select 1`.execute(transaction);
    });
    await expect(work).rejects.toMatchObject(UNAVAILABLE);
    line.mend();
    expect(await db.selectFrom('sign_in_throttle').selectAll().execute()).toEqual([]);
  });

  it('by ending our connection as an administrator does, is `unavailable` once', async () => {
    const suicide = sql`select pg_terminate_backend(pg_backend_pid())`.execute(db);
    await expect(suicide).rejects.toMatchObject(UNAVAILABLE);
    await checkDatabase(db);
  });

  it('while connections are idle tells who wants to know, and nothing breaks', async () => {
    await checkDatabase(db);
    line.sever();
    line.mend();
    while (lostConnections.length === 0) await new Promise(setImmediate);
    await checkDatabase(db);
  });

  it('and is away at the start is waited for', async () => {
    line.sever();
    const opening = openDatabase({ dataDir, databaseUrl: line.url, patienceMs: 20_000 });
    await expect(openDatabase({ dataDir, databaseUrl: line.url, patienceMs: 0 })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    line.mend();
    await (await opening).destroy();
  });
});

describe('replicas on one PostgreSQL server', () => {
  it('that start at the same time on an empty database migrate it once', async () => {
    const server = await freshDatabase();
    const replicas = await Promise.all(
      [1, 2, 3].map(() => openDatabase({ dataDir, databaseUrl: server.url })),
    );
    for (const db of replicas) {
      await checkDatabase(db);
      await db.destroy();
    }
    await server.drop();
  });

  it('share sessions: what one ends, the other refuses within two seconds', async () => {
    const server = await freshDatabase();
    const [here, there] = await Promise.all(
      [1, 2].map(() => openDatabase({ dataDir, databaseUrl: server.url })),
    );
    if (!here || !there) throw new Error('no replicas');
    const first = buildIdentity({ db: here, dataDir });
    const second = buildIdentity({ db: there, dataDir, clock: first.clock });
    const { id } = await first.users.create({ username: 'alice', password: PASSWORD });
    const { accessToken } = await first.signIn.signIn('alice', PASSWORD, HOME);
    await second.authentication.authenticate(accessToken);
    await first.users.disable(id);
    first.clock.advance(2_000);
    await expect(second.authentication.authenticate(accessToken)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    await Promise.all([here.destroy(), there.destroy()]);
    await server.drop();
  });
});
