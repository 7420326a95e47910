import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CustomRolesService } from '../access/custom-roles.service.js';
import { OwnershipService } from '../access/ownership.service.js';
import type { RoleBindingScope } from '../access/role-binding.js';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import { SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../database/testing/temporary-database.js';
import { Authoriser } from './authoriser.js';
import { EventSight, type ObjectMatter } from './event-sight.js';

const ALICE: Actor = { kind: 'user', id: 'alice', name: 'alice', teamIds: ['web'] };
const LONG_AGO = Date.UTC(2026, 0, 1);

let database: TemporaryDatabase;
let ownership: OwnershipService;
let bindings: RoleBindingsService;
let sight: EventSight;
beforeEach(async () => {
  database = await openTemporaryDatabase();
  const { db } = database;
  const clock = new Clock();
  ownership = new OwnershipService(db, clock);
  bindings = new RoleBindingsService(db, clock);
  const roles = new CustomRolesService(db, clock);
  sight = new EventSight(new Authoriser(bindings, ownership, roles), ownership, new SubjectsService(db));
});
afterEach(() => database.close());

const bind = (scope: Partial<RoleBindingScope>) =>
  bindings.bind({
    subject: { kind: 'user', id: 'alice' },
    role: 'viewer',
    scope: { engines: ['*'], ...scope },
    createdBy: 'test',
  });
const container = (change: Partial<ObjectMatter> = {}): ObjectMatter => ({
  of: 'object',
  engine: 'local',
  kind: 'container',
  id: 'c1',
  labels: {},
  labelsGuessed: false,
  owner: undefined,
  at: LONG_AGO,
  ...change,
});
const own = (id: string, kind = 'container') =>
  ownership.record({ engine: 'local', kind, objectId: id, name: '', ownerKind: 'user', ownerId: 'alice' });

describe('who may know what happened to an object', () => {
  it('is nobody without a right', async () => {
    expect(await sight.of(ALICE, container())).toBe('hidden');
  });

  it('is who may list it on that engine', async () => {
    await bind({ engines: ['local'] });
    expect(await sight.of(ALICE, container())).toBe('visible');
    expect(await sight.of(ALICE, container({ engine: 'other' }))).toBe('hidden');
    const limits = { permissions: ['images:list'] as const };
    expect(await sight.of({ ...ALICE, limits }, container())).toBe('hidden');
  });

  it('is decided by the labels that it had then', async () => {
    await bind({ labelSelector: 'team=web' });
    expect(await sight.of(ALICE, container({ labels: { team: 'web' } }))).toBe('visible');
    expect(await sight.of(ALICE, container({ labels: { team: 'ops' } }))).toBe('hidden');
  });

  it('which may be any of the engine, is who may list them all', async () => {
    await bind({ labelSelector: 'team=web' });
    expect(await sight.of(ALICE, { of: 'containers', engine: 'local' })).toBe('hidden');
    await bind({ engines: ['local'] });
    expect(await sight.of(ALICE, { of: 'containers', engine: 'local' })).toBe('visible');
    expect(await sight.of(ALICE, { of: 'containers', engine: 'other' })).toBe('hidden');
  });

  it('is not guessed from labels that an event may have hidden', async () => {
    await bind({ labelSelector: 'image!=secret' });
    expect(await sight.of(ALICE, container())).toBe('visible');
    expect(await sight.of(ALICE, container({ labelsGuessed: true }))).toBe('hidden');
  });

  it('is its owner then, also when it is gone, and whoever it may be called by now', async () => {
    await bind({ owned: true });
    const mine = { ownerKind: 'user', ownerId: 'alice' } as const;
    const theirs = { ownerKind: 'user', ownerId: 'bob' } as const;
    expect(await sight.of(ALICE, container({ owner: mine }))).toBe('visible');
    expect(await sight.of(ALICE, container({ owner: { ownerKind: 'team', ownerId: 'web' } }))).toBe(
      'visible',
    );
    expect(await sight.of(ALICE, container({ owner: theirs }))).toBe('hidden');
    await own('v1', 'volume');
    expect(await sight.of(ALICE, container({ kind: 'volume', id: 'v1', owner: theirs }))).toBe('hidden');
    // Of a name that had no owner then, the owner of now is another's.
    expect(await sight.of(ALICE, container({ kind: 'volume', id: 'v1' }))).toBe('hidden');
    const now = Date.now();
    await own('c2');
    await ownership.forget('local', 'container', 'c2');
    expect(await sight.of(ALICE, container({ id: 'c2', at: now }))).toBe('visible');
  });

  it('may not be sure yet while it is new, and is then', async () => {
    await bind({ owned: true });
    const fresh = container({ id: 'new', at: Date.now() });
    expect(await sight.of(ALICE, fresh)).toBe('unsure');
    await own('new');
    expect(await sight.of(ALICE, fresh)).toBe('visible');
  });
});

describe('who may know of what is no object', () => {
  const bob = { ownerKind: 'user', ownerId: 'bob' } as const;
  const mine = { ownerKind: 'user', ownerId: 'alice' } as const;

  it('of a job: who started it, within the limits of the token; and who may list all jobs there', async () => {
    const job = (startedBy: typeof bob | typeof mine) => ({ of: 'job', engine: 'local', startedBy }) as const;
    expect(await sight.of(ALICE, job(mine))).toBe('visible');
    expect(await sight.of({ ...ALICE, limits: { permissions: ['images:list'] } }, job(mine))).toBe('hidden');
    expect(await sight.of(ALICE, job(bob))).toBe('hidden');
    await bind({ engines: ['local'] });
    expect(await sight.of(ALICE, job(bob))).toBe('visible');
  });

  it('of an engine: who may see it; of refusals: who reads the audit trail; of a webhook: its owner', async () => {
    await bind({ engines: ['local'], owned: true });
    expect(await sight.of(ALICE, { of: 'engine', engine: 'local' })).toBe('visible');
    expect(await sight.of(ALICE, { of: 'engine', engine: 'other' })).toBe('hidden');
    expect(await sight.of(ALICE, { of: 'audit' })).toBe('hidden');
    expect(await sight.of(ALICE, { of: 'own', owner: mine })).toBe('visible');
    expect(await sight.of(ALICE, { of: 'own', owner: bob })).toBe('hidden');
  });
});
