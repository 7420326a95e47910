import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALL_OPERATIONS } from '../engine/operations/index.js';
import {
  ALL_PERMISSIONS,
  isPermissionPattern,
  permissionMatches,
  REVEALING_PERMISSIONS,
  type Permission,
} from './permissions.js';
import { BUILT_IN_ROLES, type BuiltInRoleName } from './roles.js';

const { admin, operator, developer, viewer } = BUILT_IN_ROLES;

function may(role: BuiltInRoleName, permission: Permission): boolean {
  return BUILT_IN_ROLES[role].permissions.some((pattern) => permissionMatches(pattern, permission));
}

/** Operations for which `permission` is enough. */
const allowedBy = (permission: Permission) => ALL_OPERATIONS.filter((row) => row.permission === permission);

describe('a built-in role', () => {
  it.each(Object.entries(BUILT_IN_ROLES))(
    'lists nothing twice, and nothing that does not exist: %s',
    (_, role) => {
      expect(role.permissions.filter((pattern) => !isPermissionPattern(pattern))).toEqual([]);
      expect(new Set(role.permissions).size).toBe(role.permissions.length);
    },
  );

  it.each(['operator', 'developer', 'viewer'] as const)(
    'has no wildcard, so that it can be reviewed: %s',
    (role) => {
      expect(BUILT_IN_ROLES[role].permissions.filter((pattern) => pattern.includes('*'))).toEqual([]);
    },
  );

  it('may do what the one below it may', () => {
    expect(operator.permissions).toEqual(expect.arrayContaining([...viewer.permissions]));
    expect(developer.permissions).toEqual(expect.arrayContaining([...operator.permissions]));
  });
});

describe('an admin', () => {
  it('may do everything', () => {
    expect(admin.permissions).toEqual(['*:*']);
    expect(ALL_PERMISSIONS.filter((permission) => !may('admin', permission))).toEqual([]);
  });
});

describe('a viewer', () => {
  it('has no permission of an operation that changes anything', () => {
    expect(viewer.permissions.flatMap(allowedBy).filter(({ changes }) => changes)).toEqual([]);
  });

  it('has no permission that reveals environment values, contents or keys', () => {
    expect(viewer.permissions.filter((permission) => REVEALING_PERMISSIONS.has(permission))).toEqual([]);
  });

  it('cannot read contents by an operation that looks like a read', () => {
    const reachable = new Set(viewer.permissions.flatMap(allowedBy).map(({ id }) => id));
    expect(reachable).toContain('ContainerInspect');
    for (const id of [
      'ContainerArchive',
      'ContainerArchiveInfo',
      'ContainerExport',
      'ContainerAttach',
      'ContainerAttachWebsocket',
      'ExecStart',
      'ImageGet',
      'ImageGetAll',
      'ImageHistory',
      'SwarmUnlockkey',
    ] as const) {
      expect(reachable).not.toContain(id);
    }
  });

  it('cannot make the engine call an address', () => {
    for (const permission of ['images:search', 'distribution:get', 'system:auth', 'images:import'] as const) {
      expect(may('viewer', permission)).toBe(false);
    }
  });

  it('sees of Dockmaster itself its engines and jobs only', () => {
    const own =
      /^(engines|jobs|users|teams|serviceAccounts|tokens|roles|roleBindings|audit|webhooks|hooks|schedules|registries|metrics):/;
    expect(viewer.permissions.filter((permission) => own.test(permission))).toEqual([
      'engines:list',
      'engines:get',
      'jobs:list',
      'jobs:get',
    ]);
  });
});

describe('an operator', () => {
  it('runs what exists', () => {
    for (const verb of ['start', 'stop', 'restart', 'kill', 'pause', 'unpause', 'logs', 'stats'] as const) {
      expect(may('operator', `containers:${verb}`)).toBe(true);
    }
  });

  it('creates, changes, removes and executes nothing', () => {
    const verbs =
      /:(create|update|rename|delete|prune|exec|attach|build|pull|import|load|commit|writeFiles|restore)$/;
    expect(operator.permissions.filter((permission) => verbs.test(permission))).toEqual([]);
  });

  it('reads no environment values, contents or keys', () => {
    expect(operator.permissions.filter((permission) => REVEALING_PERMISSIONS.has(permission))).toEqual([]);
  });
});

describe('a developer', () => {
  it('creates, changes, deletes, executes and builds', () => {
    for (const permission of [
      'containers:create',
      'containers:update',
      'containers:delete',
      'containers:exec',
      'images:build',
      'volumes:create',
      'services:update',
    ] as const) {
      expect(may('developer', permission)).toBe(true);
    }
  });

  it('does not govern the engine, the swarm or who may what', () => {
    const governing =
      /^(plugins|swarm|nodes|engines|builder|users|teams|serviceAccounts|tokens|roles|roleBindings|audit):/;
    const beyondSeeing = developer.permissions.filter(
      (permission) => governing.test(permission) && !/:(list|get)$/.test(permission),
    );
    expect(beyondSeeing).toEqual([]);
    expect(may('developer', 'users:list')).toBe(false);
    expect(may('developer', 'swarm:readJoinTokens')).toBe(false);
  });
});

describe('the table of roles in docs/access.md', () => {
  const page = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8');
  const COLUMNS = ['viewer', 'operator', 'developer', 'admin'] as const;
  /** Each permission of the table with the first role that has it. */
  const told = page
    .split('\n')
    .filter((line) => /^\| `\w+` .*( – |`\w+`)/.test(line))
    .map((line) => line.split('|').slice(1, -1))
    .filter((cells) => cells.length === COLUMNS.length + 1)
    .flatMap(([resource = '', ...cells]) =>
      cells.flatMap((cell, column) =>
        [...cell.matchAll(/`(\w+)`/g)].map(([, verb]) => ({
          permission: `${resource.trim().slice(1, -1)}:${verb ?? ''}`,
          role: COLUMNS[column],
        })),
      ),
    );

  it('has every permission once, in the column of the first role that has it', () => {
    const expected = ALL_PERMISSIONS.map((permission) => ({
      permission,
      role: COLUMNS.find((role) => may(role, permission)),
    }));
    const sorted = (rows: readonly { readonly permission: string }[]) =>
      [...rows].sort((a, b) => a.permission.localeCompare(b.permission));
    expect(sorted(told)).toEqual(sorted(expected));
  });
});
