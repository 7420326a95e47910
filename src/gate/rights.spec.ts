import { describe, expect, it, jest } from '@jest/globals';
import type { Actor } from '../common/actor.js';
import { parseLabelSelector } from '../common/label-selector.js';
import type { Permission } from '../common/permissions.js';
import { type Grant, type Obstacle, Rights, type ScopedObject } from './rights.js';

const ALICE: Actor = { kind: 'user', id: 'u-alice', name: 'alice', teamIds: [] };
const grant = (overrides: Partial<Grant> = {}): Grant => ({
  permissions: ['containers:*'],
  engines: ['*'],
  owned: false,
  level: 'baseline',
  ...overrides,
});
const rights = (grants: readonly Grant[], limits?: Actor['limits'], engine: string | undefined = 'local') =>
  new Rights({ ...ALICE, ...(limits ? { limits } : {}) }, engine, grants);
const globalRights = (grants: readonly Grant[], limits?: Actor['limits']) =>
  new Rights({ ...ALICE, ...(limits ? { limits } : {}) }, undefined, grants);
const object = (labels: Record<string, string> = {}, owned = false): ScopedObject => ({
  labels,
  ownedByActor: () => Promise.resolve(owned),
});

const ONLY_WEB = grant({ labels: parseLabelSelector('team=web') });
const OWNED = grant({ owned: true });
const IMAGES = grant({ permissions: ['*:*'], imageRepositories: ['shop/*'] });

describe('rights', () => {
  it.each<[what: string, has: Rights, may: boolean, ever: boolean, always: boolean]>([
    ['nothing', rights([]), false, false, false],
    ['an unscoped grant', rights([grant()]), true, true, true],
    ['another permission', rights([grant({ permissions: ['images:*'] })]), false, false, false],
    ['a grant on another engine', rights([grant({ engines: ['edge'] })]), false, false, false],
    ['a grant on this engine', rights([grant({ engines: ['edge', 'local'] })]), true, true, true],
    ['a token for another engine', rights([grant()], { engines: ['edge'] }), false, false, false],
    ['a token for other work', rights([grant()], { permissions: ['images:*'] }), false, false, false],
    ['a token for this work', rights([grant()], { permissions: ['*:start'] }), true, true, true],
    ['a grant for other labels', rights([ONLY_WEB]), false, true, false],
    ['a grant for what it owns', rights([OWNED]), false, true, false],
    ['a grant for images', rights([IMAGES]), false, true, false],
    ['one of two that allows', rights([ONLY_WEB, grant()]), true, true, true],
  ])('with %s', async (_, has, may, ever, always) => {
    expect(await has.may('containers:start', object({ team: 'db' }))).toBe(may);
    expect(has.mayEver('containers:start')).toBe(ever);
    expect(has.mayAlways('containers:start')).toBe(always);
  });

  it('need every part of a scope to be met', async () => {
    const both = rights([grant({ labels: parseLabelSelector('team=web'), owned: true })]);
    expect(await both.may('containers:start', object({ team: 'web' }, true))).toBe(true);
    expect(await both.may('containers:start', object({ team: 'web' }, false))).toBe(false);
    expect(await both.may('containers:start', object({ team: 'db' }, true))).toBe(false);
  });

  it('do not look owners up where no scope asks for them', async () => {
    const ownedByActor = jest.fn(() => Promise.resolve(true));
    const onLabels = rights([grant({ labels: parseLabelSelector('team=web'), owned: true }), grant()]);
    expect(await onLabels.may('containers:start', { labels: {}, ownedByActor })).toBe(true);
    expect(ownedByActor).not.toHaveBeenCalled();
  });

  it('reach the highest level of the grants that allow the very thing, and no other', async () => {
    const has = rights([
      grant({ level: 'restricted' }),
      { ...ONLY_WEB, level: 'baseline' },
      grant({ level: 'privileged', permissions: ['containers:list'] }),
    ]);
    expect(await has.level('containers:exec', object({ team: 'web' }))).toBe('baseline');
    expect(await has.level('containers:exec', object())).toBe('restricted');
    expect(await has.level('images:pull', object())).toBeUndefined();
  });

  describe('over what belongs to no engine', () => {
    it.each<[what: string, has: Rights, allowed: boolean]>([
      ['a grant on all engines', globalRights([grant()]), true],
      [
        'a grant on one engine, which says nothing of the rest',
        globalRights([grant({ engines: ['local'] })]),
        false,
      ],
      ['a token for one engine', globalRights([grant()], { engines: ['local'] }), false],
      ['a token for all engines', globalRights([grant()], { engines: ['*'] }), true],
    ])('with %s', (_, has, allowed) => {
      expect(has.mayAlways('containers:list')).toBe(allowed);
    });
  });

  describe('for images of some repositories', () => {
    it('cover no container, network or volume, whatever its labels and owner', async () => {
      for (const permission of ['containers:start', 'networks:get', 'volumes:delete'] as const) {
        expect(await rights([IMAGES]).may(permission, object({ image: 'shop/web' }, true))).toBe(false);
      }
    });

    it('give no level, and never everything', async () => {
      expect(await rights([IMAGES]).level('containers:exec', object({}, true))).toBeUndefined();
      expect(rights([IMAGES]).mayAlways('images:pull')).toBe(false);
    });

    it('cover the images in them, however many stars they are named by', async () => {
      const many = `${'*a'.repeat(50)}*b`;
      const has = rights([grant({ permissions: ['images:*'], imageRepositories: ['shop/*', many] })]);
      const mayGet = (...repositories: string[]) => has.may('images:get', { ...object(), repositories });
      expect(await mayGet('shop/web', 'shop/team/web')).toBe(true);
      expect(await mayGet('shop/web', 'other/web')).toBe(false);
      expect(await mayGet('a'.repeat(255))).toBe(false);
      expect(await mayGet(`${'a'.repeat(254)}b`)).toBe(true);
    });

    it('may exist for some image', () => {
      expect(rights([IMAGES]).mayEver('images:pull')).toBe(true);
    });
  });

  describe('explained', () => {
    it.each<[obstacle: Obstacle, has: Rights]>([
      ['tokenEngines', rights([grant()], { engines: ['edge'] })],
      ['engine', rights([grant({ engines: ['edge'] })])],
      ['permission', rights([grant({ permissions: ['images:*'] })])],
      ['tokenPermissions', rights([grant()], { permissions: ['images:*'] })],
      ['kind', rights([IMAGES])],
      ['labels', rights([ONLY_WEB])],
      ['owned', rights([OWNED])],
    ])('name the obstacle: %s', async (obstacle, has) => {
      expect(await has.explain('containers:start', object())).toMatchObject([{ obstacle }]);
    });

    it('say of each grant whether it covers everything', async () => {
      const judgements = await rights([ONLY_WEB, grant()]).explain('containers:start', 'every');
      expect(judgements.map(({ obstacle }) => obstacle)).toEqual(['scope', undefined]);
    });

    const cases = [
      grant(),
      ONLY_WEB,
      OWNED,
      IMAGES,
      grant({ engines: ['edge'] }),
      grant({ permissions: ['*:list'] }),
    ];
    const objects = [object(), object({ team: 'web' }), object({}, true)];
    const limits: Actor['limits'][] = [undefined, { permissions: ['*:list'] }, { engines: ['edge'] }];

    it('say what is decided, for every grant, object and token', async () => {
      for (const each of cases) {
        for (const limit of limits) {
          for (const permission of ['containers:start', 'containers:list'] as const satisfies Permission[]) {
            const has = rights([each], limit);
            for (const one of objects) {
              const [judgement] = await has.explain(permission, one);
              expect(await has.may(permission, one)).toBe(judgement?.obstacle === undefined);
            }
            const [ever] = await has.explain(permission, 'any');
            expect(has.mayEver(permission)).toBe(ever?.obstacle === undefined);
            const [always] = await has.explain(permission, 'every');
            expect(has.mayAlways(permission)).toBe(always?.obstacle === undefined);
          }
        }
      }
    });
  });
});
