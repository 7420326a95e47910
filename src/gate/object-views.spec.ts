import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ContainerInspectInfo } from 'dockerode';
import type { RoleBinding } from '../access/role-binding.js';
import type { Actor } from '../common/actor.js';
import { BUILT_IN_ROLES } from '../common/roles.js';
import { EngineFreshness } from '../state/engine-freshness.js';
import type { EngineWatch } from '../state/engine-watch.js';
import { ObjectState } from '../state/object-state.js';
import { ObjectWatch } from '../state/object-watch.js';
import type { State } from '../state/state.js';
import { type KeptContainer, WATCHED_CONTAINERS } from '../state/watched-containers.js';
import { ScriptedEngine } from '../state/testing/scripted-engine.js';
import { type Authoriser, toGrant } from './authoriser.js';
import { type ObjectsNews, ObjectViews } from './object-views.js';
import { Rights } from './rights.js';
import { ShownObjects } from './shown-objects.js';

const ENGINE = 'scripted';
const MINE: Actor = { kind: 'user', id: 'one', name: 'one', teamIds: [] };
const OTHERS: Actor = { kind: 'user', id: 'two', name: 'two', teamIds: [] };

function viewer(scope: Partial<RoleBinding['scope']> = {}): RoleBinding {
  return { role: 'viewer', scope: { engines: ['*'], ...scope }, level: 'baseline' } as RoleBinding;
}
const ALL = [viewer()];
const WEB = [viewer({ labelSelector: 'team=web' })];
const OWNED = [viewer({ owned: true })];

describe('what an actor sees of the containers of an engine', () => {
  let engine: ScriptedEngine;
  let watch: ObjectWatch<KeptContainer, ContainerInspectInfo>;
  let views: ObjectViews;
  let bindings: readonly RoleBinding[];
  let owned: Set<string>;
  let left: AbortController;
  beforeEach(() => {
    engine = new ScriptedEngine();
    left = new AbortController();
    bindings = WEB;
    owned = new Set();
    const freshness = new EngineFreshness(() => undefined);
    freshness.synced();
    watch = new ObjectWatch(WATCHED_CONTAINERS, engine.asConnection(), left.signal, () => undefined);
    const closed = new AbortController().signal;
    const compareNow = async () => {
      await watch.compare(true, left.signal);
    };
    const authoriser = scriptedAuthoriser();
    const state = new ObjectState({ freshness, closed, compareNow } as unknown as EngineWatch, watch);
    views = new ObjectViews(
      { of: () => state } as unknown as State,
      authoriser,
      new ShownObjects(authoriser),
    );
  });

  /** Rights and owners as the test has them at the moment. */
  const rightsOf = (actor: Actor) =>
    new Rights(
      actor,
      ENGINE,
      bindings.map((binding) => toGrant(binding, BUILT_IN_ROLES.viewer)),
    );
  const scriptedAuthoriser = () =>
    ({
      rights: (actor: Actor) => Promise.resolve(rightsOf(actor)),
      existingAll: (
        _actor: Actor,
        _engine: string,
        _kind: string,
        objects: { id: string; labels: Record<string, string> }[],
      ) => objects.map(({ id, labels }) => ({ labels, ownedByActor: () => Promise.resolve(owned.has(id)) })),
    }) as unknown as Authoriser;

  /** A container is there, or is different, and memory knows. */
  const put = async (id: string, team: string, name = id) => {
    engine.put(id, { name, labels: { team } });
    await watch.refresh(id);
  };
  const remove = async (id: string) => {
    engine.remove(id);
    await watch.refresh(id);
  };
  const onlooker = (actor: Actor) => ({
    actor,
    engine: ENGINE,
    kind: 'container' as const,
    rights: rightsOf(actor),
  });
  const view = (actor = MINE) => views.view(onlooker(actor));
  const ids = async () => (await view()).records.map(({ id }) => id);

  describe('a view', () => {
    it('is all there is to who may see all', async () => {
      bindings = ALL;
      await put('web', 'web');
      await put('db', 'db');
      expect(await ids()).toEqual(['db', 'web']);
    });

    it('is what its scope covers to others', async () => {
      await put('web', 'web');
      await put('db', 'db');
      expect(await ids()).toEqual(['web']);
      bindings = OWNED;
      owned.add('db');
      expect(await ids()).toEqual(['db']);
    });

    it.each([
      ['all', ALL],
      ['some', WEB],
    ])(
      'of %s is the same array, of the same revision, until something in it changes',
      async (_what, given) => {
        bindings = given;
        await put('web', 'web');
        const before = await view();
        expect((await view()).records).toBe(before.records);
        expect((await view()).revision).toBe(before.revision);
        await put('web', 'web', 'renamed');
        const after = await view();
        expect(after.records).not.toBe(before.records);
        expect(after.revision).not.toBe(before.revision);
      },
    );

    it('does not tell how often something changes that is hidden', async () => {
      await put('web', 'web');
      const before = await view();
      await put('db', 'db');
      await put('db', 'db', 'renamed');
      await remove('db');
      const after = await view();
      expect(after.revision).toBe(before.revision);
      expect(after.records).toBe(before.records);
    });

    it('has another revision when something comes to be seen though nothing changed on the engine', async () => {
      bindings = OWNED;
      await put('a', 'web');
      const before = await view();
      owned.add('a');
      const after = await view();
      expect([before.records.length, after.records.length]).toEqual([0, 1]);
      expect(after.revision).not.toBe(before.revision);
    });

    it('has a revision that others with the same rights do not have', async () => {
      await put('web', 'web');
      expect((await view(MINE)).revision).not.toBe((await view(OTHERS)).revision);
      const ofSome = await view();
      bindings = ALL;
      expect((await view()).revision).not.toBe(ofSome.revision);
      expect((await view(MINE)).revision).toBe((await view(OTHERS)).revision);
    });

    it('that is to be fresh is compared with the engine first', async () => {
      engine.put('web', { labels: { team: 'web' } });
      expect(await ids()).toEqual([]);
      const fresh = await views.view(onlooker(MINE), { fresh: true });
      expect(fresh.records.map(({ id }) => id)).toEqual(['web']);
    });
  });

  describe('a watcher', () => {
    const watcher = (after?: string) => {
      const news = views.news(MINE, ENGINE, 'container', after, left.signal);
      return async () => {
        const result = await news.next();
        return result.done === true ? 'over' : inWords(result.value);
      };
    };

    it('who may see some gets only these, and is not woken by others', async () => {
      await put('web', 'web');
      await put('db', 'db');
      const next = watcher();
      expect(await next()).toBe('all: web');
      await put('db', 'db', 'renamed');
      await put('web', 'web', 'renamed');
      expect(await next()).toBe('changes: updated web');
    });

    it('is told of what it comes to see as added, and of what it loses sight of as removed', async () => {
      bindings = OWNED;
      await put('a', 'web');
      const next = watcher();
      expect(await next()).toBe('all: ');
      owned.add('a');
      watch.touched('a', { announce: true });
      expect(await next()).toBe('changes: added a');
      await put('a', 'web', 'renamed');
      expect(await next()).toBe('changes: updated a');
      owned.delete('a');
      await put('a', 'web', 'again');
      expect(await next()).toBe('changes: removed a');
      owned.add('a');
      await put('a', 'web', 'and again');
      expect(await next()).toBe('changes: added a');
      await remove('a');
      expect(await next()).toBe('changes: removed a');
    });

    it('is not told that what it never saw is gone', async () => {
      await put('db', 'db');
      const next = watcher();
      expect(await next()).toBe('all: ');
      await remove('db');
      await put('web', 'web');
      expect(await next()).toBe('changes: added web');
    });

    it.each([
      ['fewer', ALL, WEB, 'all: web'],
      ['more', WEB, ALL, 'all: db, web'],
    ])('whose rights reach %s meanwhile gets all there is again', async (_what, before, after, all) => {
      bindings = before;
      await put('web', 'web');
      await put('db', 'db');
      const next = watcher();
      await next();
      bindings = after;
      await put('web', 'web', 'renamed');
      expect(await next()).toBe(all);
      await put('web', 'web', 'again');
      expect(await next()).toBe('changes: updated web');
    });

    it('who may see all comes back with the revision of a view or of a change', async () => {
      bindings = ALL;
      await put('a', 'web');
      const { revision } = await view();
      await put('b', 'web');
      expect(await watcher(revision)()).toBe('changes: added b');
      expect(await watcher((await view()).revision + 'x')()).toBe('all: a, b');
    });

    it('who may see some begins with all of it, whatever it comes back with', async () => {
      await put('a', 'web');
      const { revision } = await view();
      await put('b', 'web');
      expect(await watcher(revision)()).toBe('all: a, b');
    });

    it('who may see all cannot come back with the revision of who may see some', async () => {
      await put('a', 'web');
      const { revision } = await view();
      bindings = ALL;
      expect(await watcher(revision)()).toBe('all: a');
    });

    it('is over when it leaves', async () => {
      const next = watcher();
      await next();
      const waiting = next();
      left.abort();
      expect(await waiting).toBe('over');
    });
  });
});

function inWords(news: ObjectsNews<'container'>): string {
  switch (news.kind) {
    case 'all':
      return `all: ${news.view.records.map(({ id }) => id).join(', ')}`;
    case 'changes':
      return `changes: ${news.changes.map(({ kind, record }) => `${kind} ${record.id}`).join(', ')}`;
    case 'freshness':
      return news.staleSince === undefined ? 'live' : 'stale';
  }
}
