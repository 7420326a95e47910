import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CustomRolesService } from '../access/custom-roles.service.js';
import { OwnershipService } from '../access/ownership.service.js';
import type { Subject } from '../access/role-binding.js';
import { type NewRoleBinding, RoleBindingsService } from '../access/role-bindings.service.js';
import { SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import { ManualClock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { Authoriser } from './authoriser.js';
import { Escalation, type WantedBinding } from './escalation.js';

const ALICE: Actor = { kind: 'user', id: 'u-alice', name: 'alice', teamIds: [] };
const BOB: Subject = { kind: 'user', id: 'u-bob' };
const WEB: Subject = { kind: 'team', id: 't-web' };
const CI: Subject = { kind: 'serviceAccount', id: 's-ci' };
const EVERYWHERE = { engines: ['*'] };
const FORBIDDEN = { kind: 'forbidden' };

let database: TemporaryDatabase;
let roles: CustomRolesService;
let bindings: RoleBindingsService;
let escalation: Escalation;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  const { db } = database;
  const clock = new ManualClock();
  roles = new CustomRolesService(db, clock);
  bindings = new RoleBindingsService(db, clock);
  const authoriser = new Authoriser(bindings, new OwnershipService(db, clock), roles);
  escalation = new Escalation(authoriser, bindings, roles, new SubjectsService(db));
});
afterEach(() => database.close());

type Given = Pick<NewRoleBinding, 'role'> & Partial<NewRoleBinding>;
const give = (subject: Subject, binding: Given) =>
  bindings.bind({ subject, scope: EVERYWHERE, createdBy: 'test', ...binding });
const wanted = (binding: Partial<WantedBinding>): WantedBinding => ({
  role: 'viewer',
  subject: BOB,
  scope: EVERYWHERE,
  level: 'baseline',
  ...binding,
});
const bobJoinsWeb = async () => {
  const { db } = database;
  const times = { created_at: 0, updated_at: 0 };
  await db
    .insertInto('user_account')
    .values({
      id: BOB.id,
      username: 'bob',
      display_name: null,
      password_hash: '',
      disabled: 0,
      session_epoch: 0,
      ...times,
    })
    .execute();
  await db
    .insertInto('team')
    .values({ id: WEB.id, name: 'web', description: '', ...times })
    .execute();
  await db.insertInto('team_member').values({ team_id: WEB.id, user_id: BOB.id, added_at: 0 }).execute();
};

describe('who acts for somebody', () => {
  it.each<[what: string, alice: Given[], subject: Subject, has: Given[], allowed: boolean]>([
    ['who may nothing', [], BOB, [], true],
    ['who may the same', [{ role: 'operator' }], BOB, [{ role: 'operator' }], true],
    ['who may less', [{ role: 'developer' }], BOB, [{ role: 'viewer', scope: { engines: ['local'] } }], true],
    ['who may more', [{ role: 'operator' }], BOB, [{ role: 'developer' }], false],
    ['who is admin', [{ role: 'developer', level: 'privileged' }], BOB, [{ role: 'admin' }], false],
    [
      'who reaches a higher level',
      [{ role: 'admin' }],
      BOB,
      [{ role: 'viewer', level: 'privileged' }],
      false,
    ],
    [
      'who may it elsewhere',
      [{ role: 'admin', scope: { engines: ['local'] } }],
      BOB,
      [{ role: 'viewer', scope: { engines: ['edge'] } }],
      false,
    ],
    [
      'who may it on other labels',
      [{ role: 'admin', scope: { engines: ['*'], labelSelector: 'team=web' } }],
      BOB,
      [{ role: 'viewer', scope: { engines: ['*'], labelSelector: 'team=db' } }],
      false,
    ],
    [
      'who owns other things',
      [{ role: 'developer', scope: { engines: ['*'], owned: true } }],
      BOB,
      [{ role: 'developer', scope: { engines: ['*'], owned: true } }],
      false,
    ],
    ['which is a team with less', [{ role: 'operator' }], WEB, [{ role: 'viewer' }], true],
    ['which is a team with more', [{ role: 'operator' }], WEB, [{ role: 'admin' }], false],
    ['which is a service account with more', [{ role: 'operator' }], CI, [{ role: 'admin' }], false],
    [
      'whose second role is more',
      [{ role: 'operator' }],
      BOB,
      [{ role: 'viewer' }, { role: 'admin' }],
      false,
    ],
  ])('%s', async (_, alice, subject, has, allowed) => {
    for (const binding of alice) await give({ kind: 'user', id: ALICE.id }, binding);
    for (const binding of has) await give(subject, binding);
    const decision = escalation.requireAtLeast(ALICE, subject);
    await (allowed
      ? expect(decision).resolves.toBeUndefined()
      : expect(decision).rejects.toMatchObject(FORBIDDEN));
  });

  it('has to have what the teams of a user have', async () => {
    await bobJoinsWeb();
    await give({ kind: 'user', id: ALICE.id }, { role: 'operator' });
    await expect(escalation.requireAtLeast(ALICE, BOB)).resolves.toBeUndefined();
    await give(WEB, { role: 'developer' });
    await expect(escalation.requireAtLeast(ALICE, BOB)).rejects.toMatchObject(FORBIDDEN);
  });

  it('may be oneself, but not with a token that may less', async () => {
    const self: Subject = { kind: 'user', id: ALICE.id };
    await give(self, { role: 'developer', scope: { engines: ['*'], owned: true } });
    await expect(escalation.requireAtLeast(ALICE, self)).resolves.toBeUndefined();
    const narrowed: Actor = { ...ALICE, limits: { permissions: ['containers:list'] } };
    await expect(escalation.requireAtLeast(narrowed, self)).rejects.toMatchObject(FORBIDDEN);
  });
});

describe('who gives a role', () => {
  it.each<[what: string, alice: Given[], given: Partial<WantedBinding>, allowed: boolean]>([
    ['that he has', [{ role: 'viewer' }], {}, true],
    ['that is less', [{ role: 'admin' }], { role: 'developer' }, true],
    ['that is more', [{ role: 'developer' }], { role: 'admin' }, false],
    ['with none', [], {}, false],
    ['that does not exist', [], { role: 'no-such-role' }, true],
    ['up to his level', [{ role: 'admin', level: 'privileged' }], { level: 'privileged' }, true],
    ['beyond his level', [{ role: 'admin' }], { level: 'privileged' }, false],
    [
      'on his engine',
      [{ role: 'admin', scope: { engines: ['local'] } }],
      { scope: { engines: ['local'] } },
      true,
    ],
    ['on all engines', [{ role: 'admin', scope: { engines: ['local'] } }], {}, false],
    [
      'for his labels',
      [{ role: 'developer', scope: { engines: ['*'], labelSelector: 'team=web' } }],
      { role: 'developer', scope: { engines: ['local'], labelSelector: 'team=web,env=dev' } },
      true,
    ],
    [
      'for more than his labels',
      [{ role: 'viewer', scope: { engines: ['*'], labelSelector: 'team=web' } }],
      {},
      false,
    ],
    [
      'on what the other owns, having it on everything',
      [{ role: 'developer' }],
      { role: 'developer', scope: { engines: ['*'], owned: true } },
      true,
    ],
    [
      'on what the other owns, having it on his own',
      [{ role: 'developer', scope: { engines: ['*'], owned: true } }],
      { role: 'developer', scope: { engines: ['*'], owned: true } },
      false,
    ],
  ])('%s', async (_, alice, given, allowed) => {
    for (const binding of alice) await give({ kind: 'user', id: ALICE.id }, binding);
    const decision = escalation.requireMayGrant(ALICE, wanted(given));
    await (allowed
      ? expect(decision).resolves.toBeUndefined()
      : expect(decision).rejects.toMatchObject(FORBIDDEN));
  });

  it('is told what is missing', async () => {
    await give({ kind: 'user', id: ALICE.id }, { role: 'viewer' });
    await expect(escalation.requireMayGrant(ALICE, wanted({ role: 'operator' }))).rejects.toMatchObject({
      message: expect.stringMatching(/containers:start, .* and 3 more$/),
    });
  });

  it('is held to the role as it is now', async () => {
    await give({ kind: 'user', id: ALICE.id }, { role: 'viewer' });
    const role = await roles.create({ name: 'r', description: '', permissions: ['containers:list'] });
    await expect(escalation.requireMayGrant(ALICE, wanted({ role: 'r' }))).resolves.toBeUndefined();
    await roles.update(role, { permissions: ['containers:exec'] });
    await expect(escalation.requireMayGrant(ALICE, wanted({ role: 'r' }))).rejects.toMatchObject(FORBIDDEN);
  });

  it('is held to the limits of the token in use', async () => {
    await give({ kind: 'user', id: ALICE.id }, { role: 'admin', level: 'privileged' });
    const narrowed: Actor = { ...ALICE, limits: { permissions: ['roleBindings:*', 'roles:*'] } };
    await expect(escalation.requireMayGrant(narrowed, wanted({}))).rejects.toMatchObject(FORBIDDEN);
  });
});

describe('who puts permissions into a role', () => {
  it('has them on everything', async () => {
    await give({ kind: 'user', id: ALICE.id }, { role: 'operator' });
    await expect(escalation.requireMayAdd(ALICE, 'r', ['containers:start'])).resolves.toBeUndefined();
    await expect(escalation.requireMayAdd(ALICE, 'r', ['containers:exec'])).rejects.toMatchObject(FORBIDDEN);
  });

  it.each([
    { engines: ['local'] },
    { engines: ['*'], labelSelector: 'team=web' },
    { engines: ['*'], owned: true },
  ])('has them not only somewhere: %j', async (scope) => {
    await give({ kind: 'user', id: ALICE.id }, { role: 'admin', scope });
    await expect(escalation.requireMayAdd(ALICE, 'r', ['containers:start'])).rejects.toMatchObject(FORBIDDEN);
  });

  it('reaches every level that the role is bound with already', async () => {
    await give({ kind: 'user', id: ALICE.id }, { role: 'admin', level: 'baseline' });
    await give(BOB, { role: 'r', level: 'baseline' });
    await expect(escalation.requireMayAdd(ALICE, 'r', ['containers:exec'])).resolves.toBeUndefined();
    await give(CI, { role: 'r', level: 'privileged' });
    await expect(escalation.requireMayAdd(ALICE, 'r', ['containers:exec'])).rejects.toMatchObject(FORBIDDEN);
  });
});
