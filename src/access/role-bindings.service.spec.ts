import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { RoleBindingsService, type NewRoleBinding } from './role-bindings.service.js';

const ALICE: Actor = { kind: 'user', id: 'u-alice', name: 'alice', teamIds: ['t-web'] };
const viewer = (overrides: Partial<NewRoleBinding> = {}): NewRoleBinding => ({
  role: 'viewer',
  subject: { kind: 'user', id: 'u-alice' },
  scope: { engines: ['*'] },
  createdBy: 'system',
  ...overrides,
});

let database: TemporaryDatabase;
let clock: ManualClock;
let roleBindings: RoleBindingsService;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  clock = new ManualClock();
  roleBindings = new RoleBindingsService(database.db, clock);
});
afterEach(() => database.close());

describe('role bindings', () => {
  it('are nobody’s at first', async () => {
    expect(await roleBindings.forActor(ALICE)).toEqual([]);
  });

  it('hold for the user and for its teams, not for others with the same id', async () => {
    const own = await roleBindings.bind(viewer());
    const team = await roleBindings.bind(viewer({ subject: { kind: 'team', id: 't-web' } }));
    await roleBindings.bind(viewer({ subject: { kind: 'team', id: 'u-alice' } }));
    await roleBindings.bind(viewer({ subject: { kind: 'serviceAccount', id: 'u-alice' } }));
    await roleBindings.bind(viewer({ subject: { kind: 'user', id: 't-web' } }));
    expect(await roleBindings.forActor(ALICE)).toEqual([own, team]);
  });

  it('keep every part of their scope, and are baseline unless told otherwise', async () => {
    const scope = {
      engines: ['local', 'edge'],
      labelSelector: 'team=web,!legacy',
      owned: true,
      imageRepositories: ['registry.example.com/shop/*'],
    };
    await roleBindings.bind(viewer({ scope }));
    await roleBindings.bind(viewer({ level: 'privileged' }));
    expect(await roleBindings.forActor(ALICE)).toEqual([
      expect.objectContaining({ scope, level: 'baseline', createdAt: clock.now(), createdBy: 'system' }),
      expect.objectContaining({ scope: { engines: ['*'] }, level: 'privileged' }),
    ]);
  });

  it('are seen at once when they change here', async () => {
    expect(await roleBindings.forActor(ALICE)).toHaveLength(0);
    const { id } = await roleBindings.bind(viewer());
    expect(await roleBindings.forActor(ALICE)).toHaveLength(1);
    await roleBindings.unbind(id);
    expect(await roleBindings.forActor(ALICE)).toHaveLength(0);
  });

  it('are seen within 2 s when another replica changes them', async () => {
    const elsewhere = new RoleBindingsService(database.db, clock);
    expect(await roleBindings.forActor(ALICE)).toHaveLength(0);
    await elsewhere.bind(viewer());
    clock.advance(1_999);
    expect(await roleBindings.forActor(ALICE)).toHaveLength(0);
    clock.advance(1);
    expect(await roleBindings.forActor(ALICE)).toHaveLength(1);
  });

  it('give the system itself nothing: the gate knows it', async () => {
    expect(
      await roleBindings.forActor({ kind: 'system', id: 'system', name: 'system', teamIds: [] }),
    ).toEqual([]);
  });

  it.each([
    ['no engine', { engines: [] }, 'scope.engines'],
    ['an empty engine name', { engines: [''] }, 'scope.engines'],
    ['too many engines', { engines: Array.from({ length: 101 }, () => 'x') }, 'scope.engines'],
    [
      'an image repository of many stars',
      { engines: ['*'], imageRepositories: ['shop/*', `${'*a'.repeat(11)}b`] },
      'scope.imageRepositories',
    ],
    ['no image repository in the list', { engines: ['*'], imageRepositories: [] }, 'scope.imageRepositories'],
    ['a label selector that is none', { engines: ['*'], labelSelector: 'a=b=c' }, 'labelSelector'],
  ])('with %s are refused', async (_what, scope, field) => {
    await expect(roleBindings.bind(viewer({ scope }))).rejects.toMatchObject({
      kind: 'invalid_input',
      errors: [{ field }],
    });
  });

  it('that do not exist can not be taken away', async () => {
    await expect(roleBindings.unbind('nope')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('stored in a form that we never write fail closed', async () => {
    const { id } = await roleBindings.bind(viewer());
    await database.db
      .updateTable('role_binding')
      .set({ scope: '{"engines":"*"}' })
      .where('id', '=', id)
      .execute();
    roleBindings.invalidate();
    await expect(roleBindings.forActor(ALICE)).rejects.toMatchObject({ kind: 'internal' });
  });
});
