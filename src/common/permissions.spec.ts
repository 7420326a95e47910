import { describe, expect, it } from '@jest/globals';
import {
  ALL_PERMISSIONS,
  isPermission,
  isPermissionPattern,
  permissionMatches,
  PERMISSIONS,
  REVEALING_PERMISSIONS,
} from './permissions.js';

describe('a permission', () => {
  it('is a resource and a verb in camelCase, with a description of one line', () => {
    for (const permission of ALL_PERMISSIONS) {
      expect(permission).toMatch(/^[a-z][A-Za-z]*:[a-z][A-Za-z]*$/);
      expect(PERMISSIONS[permission]).toMatch(/^[A-Z][^\n]{5,100}[^.\n]$/);
    }
  });

  it('is known by its exact name only', () => {
    expect(isPermission('containers:start')).toBe(true);
    for (const text of ['containers:Start', 'containers:*', 'containers', '', 'constructor', '__proto__']) {
      expect(isPermission(text)).toBe(false);
    }
  });

  it('reveals something wherever its verb says that it reads', () => {
    const reading = ALL_PERMISSIONS.filter((permission) => /:read[A-Z]/.test(permission));
    expect(reading.filter((permission) => !REVEALING_PERMISSIONS.has(permission))).toEqual([]);
  });
});

describe('a permission pattern', () => {
  it('matches itself and no other', () => {
    expect(permissionMatches('containers:start', 'containers:start')).toBe(true);
    expect(permissionMatches('containers:start', 'containers:stop')).toBe(false);
    expect(permissionMatches('containers:list', 'images:list')).toBe(false);
  });

  it('matches every verb of a resource', () => {
    expect(permissionMatches('secrets:*', 'secrets:create')).toBe(true);
    expect(permissionMatches('secrets:*', 'configs:create')).toBe(false);
  });

  it('matches a verb of every resource', () => {
    expect(permissionMatches('*:list', 'volumes:list')).toBe(true);
    expect(permissionMatches('*:list', 'volumes:get')).toBe(false);
  });

  it('matches everything by two stars', () => {
    for (const permission of ALL_PERMISSIONS) expect(permissionMatches('*:*', permission)).toBe(true);
  });

  it.each(['containers:start', 'containers:*', '*:list', '*:*'])('may be granted: %s', (text) => {
    expect(isPermissionPattern(text)).toBe(true);
  });

  it.each([
    '*',
    '',
    ':',
    'containers',
    'containers:',
    'container*:list',
    'containers:fly',
    'x:*',
    '*:x',
    '*:*:*',
  ])('may not be granted when it allows nothing: "%s"', (text) => {
    expect(isPermissionPattern(text)).toBe(false);
  });
});
