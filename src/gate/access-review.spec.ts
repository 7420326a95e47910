import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CustomRolesService } from '../access/custom-roles.service.js';
import { OwnershipService } from '../access/ownership.service.js';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import { SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import { ManualClock } from '../common/clock.js';
import { notFound } from '../common/errors.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { AccessReviews } from './access-review.js';
import type { SeenObject } from './access-review-target.js';
import type { Admissions } from './admissions.js';
import { Authoriser } from './authoriser.js';

const ADMIN: Actor = { kind: 'user', id: 'u-admin', name: 'admin', teamIds: [] };
const TIMES = { created_at: 0, updated_at: 0 };
const START = { permission: 'containers:start', engine: 'local' };
const MINE = { target: { kind: 'container' as const, id: 'c1' } };

/** What there is on the engine, for the caller. */
const OBJECTS: readonly SeenObject[] = [
  ...(['volume', 'network', 'service', 'secret', 'config', 'node'] as const).flatMap((kind) => [
    { kind, id: `web-${kind}`, labels: { team: 'web' } },
    { kind, id: `db-${kind}`, labels: { team: 'db' } },
  ]),
  { kind: 'task', id: 'task', labels: { team: 'web' }, belongsTo: { kind: 'service', id: 'web-service' } },
  { kind: 'container', id: 'c1', labels: {} },
  { kind: 'image', id: 'shop', labels: {}, repositories: ['shop/web'] },
  { kind: 'image', id: 'two', labels: {}, repositories: ['shop/web', 'other/app'] },
];
/** Looks objects up as the real one does for somebody who may see all of them. */
const ADMISSIONS = {
  admit: (
    _caller: Actor,
    _engine: string,
    _looking: string,
    { params }: { params: Record<string, string> },
  ) => {
    const [id = ''] = Object.values(params);
    const object = OBJECTS.find((one) => one.id === id);
    return object ? Promise.resolve({ target: { object } }) : Promise.reject(notFound('object', id));
  },
} as unknown as Admissions;

let database: TemporaryDatabase;
let bindings: RoleBindingsService;
let ownership: OwnershipService;
let reviews: AccessReviews;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  const { db } = database;
  const clock = new ManualClock();
  bindings = new RoleBindingsService(db, clock);
  ownership = new OwnershipService(db, clock);
  const authoriser = new Authoriser(bindings, ownership, new CustomRolesService(db, clock));
  reviews = new AccessReviews(authoriser, new SubjectsService(db), ADMISSIONS);
  await db
    .insertInto('user_account')
    .values({
      id: 'u-bob',
      username: 'bob',
      display_name: null,
      password_hash: '',
      disabled: 0,
      session_epoch: 0,
      ...TIMES,
    })
    .execute();
  await db
    .insertInto('team')
    .values({ id: 't-web', name: 'web', description: '', ...TIMES })
    .execute();
  await db
    .insertInto('service_account')
    .values({ id: 's-ci', name: 'ci', description: '', disabled: 0, ...TIMES })
    .execute();
});
afterEach(() => database.close());

const about = (kind: 'user' | 'team' | 'serviceAccount', id: string, rest: object = {}) => ({
  ...START,
  subject: { kind, id },
  ...rest,
});
const give = (kind: 'user' | 'team' | 'serviceAccount', id: string, scope: object = {}, role = 'operator') =>
  bindings.bind({ role, subject: { kind, id }, scope: { engines: ['*'], ...scope }, createdBy: 'test' });

describe('an access review', () => {
  it('of somebody without a role says so', async () => {
    expect(await reviews.answer(ADMIN, about('user', 'u-bob'))).toEqual({
      allowed: false,
      reason: 'There is no role binding at all, and what nothing allows is refused',
      decidedBy: undefined,
      considered: [],
    });
  });

  it('of a user counts what its teams have', async () => {
    const { db } = database;
    const binding = await give('team', 't-web');
    expect(await reviews.answer(ADMIN, about('user', 'u-bob'))).toMatchObject({ allowed: false });
    await db.insertInto('team_member').values({ team_id: 't-web', user_id: 'u-bob', added_at: 0 }).execute();
    expect(await reviews.answer(ADMIN, about('user', 'u-bob'))).toMatchObject({
      allowed: true,
      decidedBy: { rule: 'roleBinding', binding },
    });
  });

  it.each([
    ['team', 't-web'],
    ['serviceAccount', 's-ci'],
  ] as const)('of a %s counts what it has itself, and nothing of others', async (kind, id) => {
    await give('user', id);
    expect(await reviews.answer(ADMIN, about(kind, id))).toMatchObject({ allowed: false });
    await give(kind, id);
    expect(await reviews.answer(ADMIN, about(kind, id))).toMatchObject({ allowed: true });
  });

  it('knows what the subject owns, and what its teams own', async () => {
    await give('team', 't-web', { owned: true });
    const question = about('team', 't-web', MINE);
    expect(await reviews.answer(ADMIN, question)).toMatchObject({
      allowed: false,
      considered: [{ why: expect.stringMatching(/created/) }],
    });
    await ownership.record({
      engine: 'local',
      kind: 'container',
      objectId: 'c1',
      name: 'c1',
      ownerKind: 'team',
      ownerId: 't-web',
    });
    expect(await reviews.answer(ADMIN, question)).toMatchObject({ allowed: true });
  });

  it('of somebody disabled says so, whatever its roles', async () => {
    await give('user', 'u-bob', {}, 'admin');
    await database.db.updateTable('user_account').set({ disabled: 1 }).execute();
    expect(await reviews.answer(ADMIN, about('user', 'u-bob'))).toMatchObject({
      allowed: false,
      reason: 'The user bob is disabled',
      decidedBy: { rule: 'disabled' },
    });
  });

  it('names the binding of the highest level, which is the one that counts', async () => {
    await give('user', 'u-bob');
    const higher = await bindings.bind({
      role: 'viewer',
      subject: { kind: 'user', id: 'u-bob' },
      scope: { engines: ['*'] },
      level: 'privileged',
      createdBy: 'test',
    });
    const question = about('user', 'u-bob', { permission: 'containers:logs', level: 'privileged' });
    expect(await reviews.answer(ADMIN, question)).toMatchObject({
      allowed: true,
      decidedBy: { binding: higher },
    });
  });

  it('of nobody is not found', async () => {
    await expect(reviews.answer(ADMIN, about('user', 'u-none'))).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('says of a role that is gone that there is none', async () => {
    await give('user', 'u-bob', {}, 'gone');
    expect(await reviews.answer(ADMIN, about('user', 'u-bob'))).toMatchObject({
      allowed: false,
      considered: [{ why: 'there is no role gone, or it has no permissions' }],
    });
  });
});

describe('an access review about an object', () => {
  const asks = async (permission: string, target: object): Promise<boolean> => {
    const question = { ...about('user', 'u-bob'), permission, target: target as never };
    return (await reviews.answer(ADMIN, question)).allowed;
  };

  it.each(['volume', 'network', 'service', 'secret', 'config'] as const)(
    'holds the labels of a %s against a selector',
    async (kind) => {
      await give('user', 'u-bob', { labelSelector: 'team=web' }, 'developer');
      expect(await asks(`${kind}s:delete`, { kind, id: `web-${kind}` })).toBe(true);
      expect(await asks(`${kind}s:delete`, { kind, id: `db-${kind}` })).toBe(false);
      await expect(asks(`${kind}s:delete`, { kind, id: 'none' })).rejects.toMatchObject({
        kind: 'not_found',
      });
    },
  );

  it.each(['volume', 'network', 'service', 'secret', 'config'] as const)(
    'knows who owns a %s, and that the subject will own one that it makes',
    async (kind) => {
      await give('user', 'u-bob', { owned: true }, 'developer');
      expect(await asks(`${kind}s:delete`, { kind, id: `web-${kind}` })).toBe(false);
      expect(await asks(`${kind}s:create`, { kind, labels: {} })).toBe(true);
      await ownership.record({
        engine: 'local',
        kind,
        objectId: `web-${kind}`,
        name: `web-${kind}`,
        ownerKind: 'user',
        ownerId: 'u-bob',
      });
      expect(await asks(`${kind}s:delete`, { kind, id: `web-${kind}` })).toBe(true);
    },
  );

  it('counts the owner of its service for a task', async () => {
    await give('user', 'u-bob', { owned: true });
    expect(await asks('tasks:logs', { kind: 'task', id: 'task' })).toBe(false);
    await ownership.record({
      engine: 'local',
      kind: 'service',
      objectId: 'web-service',
      name: 'web',
      ownerKind: 'user',
      ownerId: 'u-bob',
    });
    expect(await asks('tasks:logs', { kind: 'task', id: 'task' })).toBe(true);
  });

  it('holds image repositories against those of an image: all to change it, one to look at it', async () => {
    await give('user', 'u-bob', { imageRepositories: ['shop/*'] }, 'developer');
    expect(await asks('images:delete', { kind: 'image', id: 'shop' })).toBe(true);
    expect(await asks('images:delete', { kind: 'image', id: 'two' })).toBe(false);
    expect(await asks('images:get', { kind: 'image', id: 'two' })).toBe(true);
    expect(await asks('volumes:delete', { kind: 'volume', id: 'web-volume' })).toBe(false);
  });

  it('asks about an image to be pulled by its name, which need not be there', async () => {
    await give('user', 'u-bob', { imageRepositories: ['shop/*'] }, 'developer');
    expect(await asks('images:pull', { kind: 'image', id: 'shop/new:1' })).toBe(true);
    expect(await asks('images:pull', { kind: 'image', id: 'other/new:1' })).toBe(false);
  });

  it('says that what the subject may not see does not exist for it', async () => {
    await give('user', 'u-bob', { labelSelector: 'team=web' }, 'developer');
    const target = { kind: 'volume', id: 'db-volume' } as const;
    const question = { ...about('user', 'u-bob'), permission: 'volumes:delete', target };
    expect(await reviews.answer(ADMIN, question)).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('this volume does not exist for it'),
    });
  });
});
