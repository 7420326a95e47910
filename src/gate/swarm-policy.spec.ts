import { describe, expect, it } from '@jest/globals';
import type { RoleBinding } from '../access/role-binding.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { BUILT_IN_ROLES } from '../common/roles.js';
import { operation, type OperationId } from '../engine/operations/index.js';
import type { Admission } from './admission.js';
import { type Authoriser, toGrant } from './authoriser.js';
import { Rights } from './rights.js';
import { SwarmPolicy } from './swarm-policy.js';

const ACTOR: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };
type Scope = Partial<Pick<RoleBinding, 'scope' | 'level'>>;
const ALL: Scope = {};
const PRIVILEGED: Scope = { level: 'privileged' };
const WEB: Scope = { scope: { engines: ['*'], labelSelector: 'team=web' } };
const OWNED: Scope = { scope: { engines: ['*'], owned: true } };

const policy = new SwarmPolicy({
  existing: (_a: Actor, _e: string, _k: string, id: string, labels: object) => ({
    labels,
    ownedByActor: () => Promise.resolve(id === 'own'),
  }),
  created: (labels: object) => ({ labels, ownedByActor: () => Promise.resolve(true) }),
} as unknown as Authoriser);

/** What becomes of it: undefined where it is let through. */
async function verdict(
  id: OperationId,
  body: unknown,
  {
    by = ALL,
    labels = {},
    target = 'some',
  }: { by?: Scope; labels?: Record<string, string>; target?: string } = {},
): Promise<string | undefined> {
  const binding = { role: 'admin', scope: { engines: ['*'] }, level: 'baseline', ...by } as RoleBinding;
  const object = { kind: id.replace(/[A-Z][a-z]+$/, '').toLowerCase(), id: target, labels };
  const admission = {
    actor: ACTOR,
    engine: 'local',
    operation: operation(id),
    rights: new Rights(ACTOR, 'local', [toGrant(binding, BUILT_IN_ROLES.admin)]),
    target: id.endsWith('Update') && id !== 'SwarmUpdate' ? { ...object, object } : undefined,
    request: { body },
  } as unknown as Admission;
  try {
    await policy.judge(admission);
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [error.kind, ...error.errors.map(({ field }) => field)].join(' ');
  }
}

describe('what makes or changes something of a swarm', () => {
  it.each<[OperationId, object]>([
    ['SecretCreate', { Name: 'a', Data: 'aGk=', Labels: { a: 'b' }, Templating: { Name: 'golang' } }],
    ['ConfigCreate', { Name: 'a', Data: 'aGk=', Labels: null }],
    ['SecretUpdate', { Name: 'a', Labels: { a: 'b' } }],
    ['ConfigUpdate', { Name: 'a', Labels: {} }],
    ['NodeUpdate', { Role: 'manager', Availability: 'drain', Labels: {} }],
    ['SwarmInit', { ListenAddr: '0.0.0.0', Spec: { Raft: { ElectionTick: 10 }, CAConfig: {} } }],
    ['SwarmJoin', { RemoteAddrs: ['192.0.2.1'], JoinToken: 'x' }],
    ['SwarmUpdate', { Name: 'default', EncryptionConfig: { AutoLockManagers: true } }],
    ['SwarmUnlock', { UnlockKey: 'x' }],
  ])('%s goes through with fields that are known', async (id, body) => {
    expect(await verdict(id, body)).toBeUndefined();
  });

  it.each<[OperationId, unknown, string]>([
    ['SecretCreate', { name: 'a' }, 'name'],
    ['SecretCreate', { Name: 'a', Driver: { Plugin: 'x' } }, 'Driver.Plugin'],
    ['ConfigCreate', { Name: 'a', Driver: { Name: 'x' } }, 'Driver'],
    ['SecretUpdate', { Name: 'a', labels: { 'io.dockmaster.role': 'x' } }, 'labels'],
    ['ConfigUpdate', [], ''],
    ['NodeUpdate', { Role: 1 }, 'Role'],
    ['NodeUpdate', undefined, ''],
    ['SwarmInit', { Spec: { Raft: { electionTick: 1 } } }, 'Spec.Raft.electionTick'],
    ['SwarmJoin', { RemoteAddrs: [null] }, 'RemoteAddrs.0'],
    ['SwarmUpdate', { JoinTokens: {} }, 'JoinTokens'],
    ['SwarmUnlock', { unlockKey: 'x' }, 'unlockKey'],
  ])('%s does not with others: %j', async (id, body, field) => {
    expect(await verdict(id, body)).toBe(`invalid_input ${field}`);
  });

  it('a secret that a plugin gives takes the level privileged', async () => {
    const body = { Name: 'a', Driver: { Name: 'vault' } };
    expect(await verdict('SecretCreate', body)).toBe('policy_violation Driver');
    expect(await verdict('SecretCreate', body, { by: PRIVILEGED })).toBeUndefined();
  });
});

describe.each<OperationId>(['SecretUpdate', 'ConfigUpdate', 'NodeUpdate'])('new labels by %s', (id) => {
  const change = (from: Record<string, string>, to: Record<string, string>, by: Scope, target?: string) =>
    verdict(id, { Labels: to }, { by, labels: from, ...(target === undefined ? {} : { target }) });

  it('stay within what the actor may do', async () => {
    expect(await change({ team: 'web' }, { team: 'web', tier: 'a' }, WEB)).toBeUndefined();
    expect(await change({ team: 'web' }, { team: 'db' }, WEB)).toBe('forbidden');
    expect(await change({ team: 'web' }, {}, WEB)).toBe('forbidden');
    expect(await change({ team: 'web' }, { team: 'db' }, ALL)).toBeUndefined();
  });

  it('change nothing of what one owns', async () => {
    expect(await change({}, { team: 'db' }, OWNED, 'own')).toBeUndefined();
    expect(await change({}, { team: 'db' }, OWNED, 'other')).toBe('forbidden');
  });

  it('neither bring, change nor take those that are reserved', async () => {
    const reserved = 'invalid_input labels.io.dockmaster.role';
    expect(await change({}, { 'io.dockmaster.role': 'x' }, ALL)).toBe(reserved);
    expect(await change({ 'io.dockmaster.role': 'x' }, { 'io.dockmaster.role': 'y' }, ALL)).toBe(reserved);
    expect(await change({ 'io.dockmaster.role': 'x' }, {}, ALL)).toBe(reserved);
    expect(await change({ 'io.dockmaster.role': 'x' }, { 'io.dockmaster.role': 'x' }, ALL)).toBeUndefined();
    expect(await change({}, { 'IO.Dockmaster.role': 'x' }, ALL)).toBe(
      'invalid_input labels.IO.Dockmaster.role',
    );
  });
});
