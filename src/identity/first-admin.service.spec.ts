import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { buildIdentity } from './testing/identity-fixture.js';

Logger.overrideLogger(false);
const HOME = '192.0.2.7';

let database: TemporaryDatabase;
let file: string;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  file = join(database.dataDir, 'initial-admin-password');
});
afterEach(() => database.close());

const build = (adminPassword?: string) =>
  buildIdentity({ ...database, ...(adminPassword === undefined ? {} : { adminPassword }) });
const files = async () => (await readdir(database.dataDir)).filter((name) => name.startsWith('initial-'));

describe('the first start', () => {
  it('makes `admin` with a random password in a file that only its owner can read', async () => {
    const { firstAdmin, signIn } = build();
    await firstAdmin.onModuleInit();
    const password = (await readFile(file, 'utf8')).trimEnd();
    expect(password).toMatch(/^[\w-]{24}$/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await files()).toEqual(['initial-admin-password']);
    await signIn.signIn('admin', password, HOME);
  });

  it('gives it the role admin on all engines, up to privileged, and records that', async () => {
    const { firstAdmin, users, roleBindings, audit } = build();
    await firstAdmin.onModuleInit();
    const admin = await users.findByName('admin');
    if (!admin) throw new Error('no admin');
    expect(await roleBindings.forActor({ kind: 'user', id: admin.id, name: 'admin', teamIds: [] })).toEqual([
      expect.objectContaining({
        role: 'admin',
        scope: { engines: ['*'] },
        level: 'privileged',
        createdBy: 'system',
      }),
    ]);
    expect((await audit.list({ operation: 'users:create' })).items).toEqual([
      expect.objectContaining({ actor_kind: 'system', target_name: 'admin', outcome: 'succeeded' }),
    ]);
  });

  it('takes DOCKMASTER_ADMIN_PASSWORD where it is given, and then writes no file', async () => {
    const { firstAdmin, signIn } = build('the password that I chose');
    await firstAdmin.onModuleInit();
    await signIn.signIn('admin', 'the password that I chose', HOME);
    expect(await files()).toEqual([]);
  });

  it('fails on a DOCKMASTER_ADMIN_PASSWORD against the rules, without repeating it, and makes nobody', async () => {
    const { firstAdmin, users } = build('hunter2');
    await expect(firstAdmin.onModuleInit()).rejects.toMatchObject({
      kind: 'invalid_input',
      message: expect.not.stringContaining('hunter2'),
    });
    expect(await users.count()).toBe(0);
  });

  it('makes nobody where the password can not be written down', async () => {
    const { firstAdmin, passwordFile, users } = build();
    const write = jest.spyOn(passwordFile, 'write').mockRejectedValueOnce(new Error('disk full'));
    await expect(firstAdmin.onModuleInit()).rejects.toThrow('disk full');
    expect(await users.count()).toBe(0);
    write.mockRestore();
    await firstAdmin.onModuleInit();
    expect(await users.count()).toBe(1);
  });

  it('that was cut off after the file was written starts over with a new password', async () => {
    await writeFile(file, 'left over\n', { mode: 0o644 });
    await build().firstAdmin.onModuleInit();
    expect(await readFile(file, 'utf8')).not.toBe('left over\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});

describe('later starts', () => {
  it('change nothing, whatever DOCKMASTER_ADMIN_PASSWORD says', async () => {
    const first = build();
    await first.firstAdmin.onModuleInit();
    const password = await readFile(file, 'utf8');
    const second = build('the password that I chose');
    await second.firstAdmin.onModuleInit();
    expect(await readFile(file, 'utf8')).toBe(password);
    await expect(second.signIn.signIn('admin', 'the password that I chose', HOME)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    expect(await second.users.count()).toBe(1);
  });

  it('make no admin where there is any user', async () => {
    const identity = build();
    await identity.users.create({ username: 'alice', password: 'correct horse battery' });
    await identity.firstAdmin.onModuleInit();
    expect(await identity.users.findByName('admin')).toBeUndefined();
    expect(await files()).toEqual([]);
  });
});

describe('the file with the first password', () => {
  it('goes when the admin’s password changes, not when somebody else’s does', async () => {
    const { firstAdmin, users } = build();
    await firstAdmin.onModuleInit();
    const alice = await users.create({ username: 'alice', password: 'correct horse battery' });
    await users.setPassword(alice.id, 'another long password');
    expect(await files()).toEqual(['initial-admin-password']);
    const admin = await users.findByName('admin');
    await users.setPassword(admin?.id ?? '', 'another long password');
    expect(await files()).toEqual([]);
  });
});
