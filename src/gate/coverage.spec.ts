import { describe, expect, it } from '@jest/globals';
import { parseLabelSelector } from '../common/label-selector.js';
import { ALL_PERMISSIONS, type PermissionPattern } from '../common/permissions.js';
import { uncovered } from './coverage.js';
import type { Grant } from './rights.js';

const START: readonly PermissionPattern[] = ['containers:start'];
const grant = (overrides: Partial<Grant> = {}): Grant => ({
  permissions: START,
  engines: ['local'],
  owned: false,
  level: 'baseline',
  ...overrides,
});
const labels = (text: string) => ({ labels: parseLabelSelector(text) });

interface Case {
  readonly held: readonly Grant[];
  readonly wanted: Grant;
  readonly limits?: { permissions?: PermissionPattern[]; engines?: string[] };
  readonly sameSubject?: boolean;
}
const missing = ({ held, wanted, limits, sameSubject = false }: Case) =>
  uncovered({ grants: held, limits }, wanted, sameSubject);

describe('what somebody holds covers', () => {
  it.each<[what: string, Case]>([
    ['the same', { held: [grant()], wanted: grant() }],
    ['nothing at all', { held: [], wanted: grant({ permissions: [] }) }],
    ['a permission by its pattern', { held: [grant({ permissions: ['*:start'] })], wanted: grant() }],
    [
      'a pattern by the same or a wider one',
      {
        held: [grant({ permissions: ['*:*'] })],
        wanted: grant({ permissions: ['containers:*', '*:list', '*:*'] }),
      },
    ],
    ['an engine by all engines', { held: [grant({ engines: ['*'] })], wanted: grant() }],
    [
      'engines by one grant each',
      {
        held: [grant(), grant({ engines: ['edge'] })],
        wanted: grant({ engines: ['local', 'edge'] }),
      },
    ],
    [
      'permissions by one grant each',
      {
        held: [grant(), grant({ permissions: ['images:pull'] })],
        wanted: grant({ permissions: ['images:pull', 'containers:start'] }),
      },
    ],
    ['a lower level', { held: [grant({ level: 'privileged' })], wanted: grant({ level: 'restricted' }) }],
    ['a scope by none', { held: [grant()], wanted: grant({ ...labels('team=web'), owned: true }) }],
    ['the same labels', { held: [grant(labels('team=web'))], wanted: grant(labels('team=web')) }],
    [
      'labels that demand more',
      { held: [grant(labels('team in (web, api)'))], wanted: grant(labels('team=web,env=dev')) },
    ],
    ['a label that must be there', { held: [grant(labels('team'))], wanted: grant(labels('team=web')) }],
    ['a value that is not the one', { held: [grant(labels('env!=prod'))], wanted: grant(labels('env=dev')) }],
    ['a label that is not there', { held: [grant(labels('env!=prod'))], wanted: grant(labels('!env')) }],
    [
      'more values that are not',
      { held: [grant(labels('env!=prod'))], wanted: grant(labels('env notin (prod, test)')) },
    ],
    ['repositories by no repositories', { held: [grant()], wanted: grant({ imageRepositories: ['a/*'] }) }],
    [
      'some of the repositories',
      {
        held: [grant({ imageRepositories: ['a/*', 'b/*'] })],
        wanted: grant({ imageRepositories: ['b/*'] }),
      },
    ],
    [
      'what oneself owns by what oneself owns',
      { held: [grant({ owned: true })], wanted: grant({ owned: true }), sameSubject: true },
    ],
    [
      'what a token for it lets through',
      {
        held: [grant({ engines: ['*'] })],
        wanted: grant(),
        limits: { permissions: ['containers:*'], engines: ['local'] },
      },
    ],
  ])('%s', (_, given) => {
    expect(missing(given)).toEqual([]);
  });
});

describe('what somebody holds does not cover', () => {
  it.each<[what: string, Case]>([
    ['anything, where it is nothing', { held: [], wanted: grant() }],
    ['another permission', { held: [grant({ permissions: ['containers:stop'] })], wanted: grant() }],
    [
      'a pattern by all that it means today',
      {
        held: [grant({ permissions: ALL_PERMISSIONS.filter((each) => each.startsWith('containers:')) })],
        wanted: grant({ permissions: ['containers:*'] }),
      },
    ],
    ['another engine', { held: [grant({ engines: ['edge'] })], wanted: grant() }],
    [
      'all engines by a list of them',
      { held: [grant({ engines: ['local', 'edge'] })], wanted: grant({ engines: ['*'] }) },
    ],
    [
      'one of two engines',
      { held: [grant({ engines: ['local'] })], wanted: grant({ engines: ['local', 'edge'] }) },
    ],
    ['a higher level', { held: [grant()], wanted: grant({ level: 'privileged' }) }],
    [
      'a level of one grant with the permission of another',
      {
        held: [grant(), grant({ level: 'privileged', permissions: ['containers:list'] })],
        wanted: grant({ level: 'privileged' }),
      },
    ],
    ['everything by some labels', { held: [grant(labels('team=web'))], wanted: grant() }],
    ['other labels', { held: [grant(labels('team=web'))], wanted: grant(labels('team=db')) }],
    [
      'labels that demand less',
      { held: [grant(labels('team=web,env=dev'))], wanted: grant(labels('team=web')) },
    ],
    ['more values', { held: [grant(labels('team=web'))], wanted: grant(labels('team in (web, db)')) }],
    [
      'fewer values that are not',
      { held: [grant(labels('env notin (prod, test)'))], wanted: grant(labels('env!=prod')) },
    ],
    ['all, even by a selector of everything', { held: [grant({ labels: [] })], wanted: grant() }],
    ['what all own by what oneself owns', { held: [grant({ owned: true })], wanted: grant() }],
    [
      'what another owns by what oneself owns',
      { held: [grant({ owned: true })], wanted: grant({ owned: true }) },
    ],
    ['all kinds by images', { held: [grant({ imageRepositories: ['*'] })], wanted: grant() }],
    [
      'other repositories',
      { held: [grant({ imageRepositories: ['a/*'] })], wanted: grant({ imageRepositories: ['a/*', 'b/*'] }) },
    ],
    ['what the token leaves out', { held: [grant()], wanted: grant(), limits: { permissions: ['*:list'] } }],
    [
      'another engine than the token is for',
      { held: [grant({ engines: ['*'] })], wanted: grant(), limits: { engines: ['edge'] } },
    ],
    [
      'all engines with a token for one',
      {
        held: [grant({ engines: ['*'] })],
        wanted: grant({ engines: ['*'] }),
        limits: { engines: ['local'] },
      },
    ],
  ])('%s', (_, given) => {
    expect(missing(given)).toEqual(given.wanted.permissions);
  });

  it('and says which permissions', () => {
    expect(
      missing({ held: [grant()], wanted: grant({ permissions: ['containers:start', 'containers:exec'] }) }),
    ).toEqual(['containers:exec']);
  });
});
