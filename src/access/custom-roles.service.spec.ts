import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { CustomRolesService, type NewCustomRole } from './custom-roles.service.js';
import { RoleBindingsService } from './role-bindings.service.js';

const LOG_READER: NewCustomRole = {
  name: 'log-reader',
  description: 'Reads logs',
  permissions: ['containers:list', 'containers:logs'],
};

let database: TemporaryDatabase;
let clock: ManualClock;
let roles: CustomRolesService;
let bindings: RoleBindingsService;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  roles = new CustomRolesService(database.db, clock);
  bindings = new RoleBindingsService(database.db, clock);
});
afterEach(() => database.close());

const bind = (role: string) =>
  bindings.bind({
    role,
    subject: { kind: 'user', id: 'u1' },
    scope: { engines: ['*'] },
    createdBy: 'system',
  });

describe('custom roles', () => {
  it('are seen at once when they change here', async () => {
    expect([...(await roles.all()).keys()]).toEqual([]);
    const made = await roles.create(LOG_READER);
    expect((await roles.all()).get('log-reader')).toMatchObject(LOG_READER);
    await roles.update(made, { permissions: ['containers:top'] });
    expect((await roles.all()).get('log-reader')).toMatchObject({
      description: 'Reads logs',
      permissions: ['containers:top'],
    });
    await roles.delete('log-reader');
    expect((await roles.all()).size).toBe(0);
  });

  it('are seen within 2 s when another replica changes them', async () => {
    const elsewhere = new CustomRolesService(database.db, clock);
    expect((await roles.all()).size).toBe(0);
    await elsewhere.create(LOG_READER);
    clock.advance(1_999);
    expect((await roles.all()).size).toBe(0);
    clock.advance(1);
    expect((await roles.all()).size).toBe(1);
  });

  it.each(['log-reader', 'admin', 'viewer'])('can not take a name that is there: %s', async (name) => {
    await roles.create(LOG_READER);
    await expect(roles.create({ ...LOG_READER, name })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('are not made by a dry run, which fails where making one would', async () => {
    expect(await roles.create(LOG_READER, { dryRun: true })).toMatchObject(LOG_READER);
    expect(await roles.find('log-reader')).toBeUndefined();
    await roles.create(LOG_READER);
    await expect(roles.create(LOG_READER, { dryRun: true })).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('stay while they are bound, and say by how many', async () => {
    await roles.create(LOG_READER);
    const first = await bind('log-reader');
    const second = await bind('log-reader');
    await expect(roles.delete('log-reader')).rejects.toMatchObject({
      kind: 'conflict',
      message: 'The role log-reader is in use: 2 role bindings give it to somebody',
    });
    expect(await roles.find('log-reader')).toBeDefined();
    await bindings.unbind(first.id);
    await bindings.unbind(second.id);
    await roles.delete('log-reader');
    await expect(roles.delete('log-reader')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('are bound only as they were when that was decided', async () => {
    const made = await roles.create(LOG_READER);
    await roles.bound(made, database.db);
    await roles.update({ ...made, bindingRevision: 1 }, { permissions: ['*:*'] });
    await expect(roles.bound(made, database.db)).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('are changed only while they are bound as they were when that was decided', async () => {
    const made = await roles.create(LOG_READER);
    await roles.bound(made, database.db);
    await expect(roles.update(made, { permissions: ['*:*'] })).rejects.toMatchObject({ kind: 'conflict' });
    expect((await roles.all()).get('log-reader')).toMatchObject(LOG_READER);
  });

  it('lose what this version does not know', async () => {
    await roles.create(LOG_READER);
    await database.db
      .updateTable('custom_role')
      .set({ permissions: JSON.stringify(['containers:logs', 'future:thing', 5]) })
      .execute();
    expect(await roles.find('log-reader')).toMatchObject({ permissions: ['containers:logs'] });
  });
});
