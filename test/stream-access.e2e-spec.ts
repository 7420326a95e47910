import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'graphql-ws';
import { RoleBindingsService } from '../src/access/role-bindings.service.js';
import type { ContainerDetails } from '../src/containers/container-details.model.js';
import type { CreatedApiToken } from '../src/identity/api-token.model.js';
import { UsersService } from '../src/identity/users.service.js';
import { Streams } from '../src/streams/streams.js';
import { type TestActor, TestApp } from './support/app.js';
import { eventually } from './support/eventually.js';
import { HttpStream, type StreamType } from './support/http-stream.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TestContainers } from './support/test-containers.js';

/** How long a stream may outlive the right to it. */
const WITHDRAWN_WITHIN_MS = 5_000;

interface Event {
  readonly type: string;
  readonly action: string;
  readonly actorId: string;
}

const LOGS =
  'subscription ($id: String!) { containerLogs(engine: "local", id: $id, follow: true) { message } }';
const STATS = 'subscription ($id: String!) { containerStats(engine: "local", id: $id) { pids } }';
const EVENTS = `subscription ($filter: EngineEventFilter) {
  engineEvents(engine: "local", filter: $filter) { type action actorId }
}`;

describe('who may watch', () => {
  let app: TestApp;
  let admin: TestActor;
  let containers: TestContainers;
  const clients: Client[] = [];

  beforeAll(async () => {
    app = await TestApp.start();
    admin = await app.admin();
    containers = new TestContainers(app, admin);
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await containers.removeAll();
    await app.stop();
  });

  const clientOf = (actor: TestActor) => {
    const client = graphqlClient(app, actor);
    clients.push(client);
    return client;
  };
  const open = (actor: TestActor, path: string, accept: StreamType) =>
    HttpStream.open(`${app.url}${containers.path}/${path}`, { actor, accept });
  const viewers = () => app.nest.get(Streams, { strict: false }).activeViewers();

  /** The user as a program: by an API token instead of a session. */
  const byToken = async (user: TestActor): Promise<{ actor: TestActor; revoke: () => Promise<unknown> }> => {
    const made = await app.rest(user).post('/api/v1/tokens').send({ name: 'watcher' }).expect(201);
    const { id, token } = made.body as CreatedApiToken;
    return {
      actor: { ...user, token, authorization: `Bearer ${token}` },
      revoke: () => app.rest(user).delete(`/api/v1/tokens/${id}`).expect(204),
    };
  };
  const unbind = async ({ id, username }: TestActor) => {
    const bindings = app.nest.get(RoleBindingsService);
    const held = await bindings.forActor({ kind: 'user', id, name: username, teamIds: [] });
    for (const binding of held) await bindings.unbind(binding.id);
  };

  describe('a stream ends within 5 s and says that the right was withdrawn', () => {
    const viewer = (username: string) => app.user(username, [{ role: 'viewer' }]);
    const ENDINGS: Record<string, () => Promise<{ actor: TestActor; withdraw: () => Promise<unknown> }>> = {
      'its API token is revoked': async () => {
        const { actor, revoke } = await byToken(await viewer('revoked'));
        return { actor, withdraw: revoke };
      },
      'its user signs out': async () => {
        const actor = await viewer('leaving');
        return { actor, withdraw: () => app.rest(actor).post('/api/v1/auth/logout').expect(204) };
      },
      'its user is disabled': async () => {
        const actor = await viewer('disabled');
        return { actor, withdraw: () => app.nest.get(UsersService).disable(actor.id) };
      },
      'its role binding is removed': async () => {
        const actor = await viewer('unbound');
        return { actor, withdraw: () => unbind(actor) };
      },
    };

    it.each(Object.keys(ENDINGS))('when %s', async (ending) => {
      const { id } = await containers.run();
      const prepared = await ENDINGS[ending]?.();
      if (!prepared) throw new Error('no such ending');
      const { actor, withdraw } = prepared;
      const before = viewers();
      const client = clientOf(actor);
      const subscriptions = [
        subscribe(client, LOGS, { id }),
        subscribe(client, STATS, { id }),
        subscribe(client, EVENTS),
      ];
      const logs = await open(actor, `${id}/logs?follow=true`, 'text/event-stream');
      const stats = await open(actor, `${id}/stats`, 'application/x-ndjson');
      const plain = await open(actor, `${id}/logs?follow=true`, 'text/plain');
      await logs.until(({ events }) => events.length === 1);
      await stats.until(({ lines }) => lines.length >= 1);
      await plain.until(({ lines }) => lines.length === 1);
      await eventually(viewers, (count) => count === before + 6);

      await withdraw();
      const since = performance.now();
      const ends = await Promise.all(
        [...subscriptions, logs, stats, plain].map(async ({ ended }) => [
          await ended,
          performance.now() - since,
        ]),
      );
      for (const [, after] of ends) expect(after).toBeLessThan(WITHDRAWN_WITHIN_MS);
      for (const { errors } of subscriptions)
        expect(errors).toMatchObject([{ extensions: { code: 'access_withdrawn' } }]);
      const problem = expect.objectContaining({ code: 'access_withdrawn', status: 403 });
      expect(logs.events.at(-1)).toEqual({ event: 'error', data: problem });
      expect(stats.documents.at(-1)).toEqual({ error: problem });
      expect(ends.at(-1)?.[0]).toBe(false); // plain text has no word for it: the answer is cut
      expect(viewers()).toBe(before);
    });

    it('and nobody else is disturbed', async () => {
      const { id } = await containers.run();
      const { actor, revoke } = await byToken(await viewer('one-of-two'));
      const leaves = await open(actor, `${id}/stats`, 'text/event-stream');
      const stays = await open(admin, `${id}/stats`, 'text/event-stream');
      await leaves.until(({ events }) => events.length >= 1);
      await revoke();
      await leaves.ended;
      const seen = stays.events.length;
      await stays.until(({ events }) => events.length > seen);
      stays.vanish();
    });
  });

  describe('what happens on an engine', () => {
    /** Runs a container to its end. */
    const runOne = async (actor: TestActor, labels = {}): Promise<string> => {
      const run = await app
        .rest(actor)
        .post(`${containers.path}/run`)
        .send({ image: 'busybox', command: ['true'], labels: { ...labels, ...containers.labels } })
        .expect(201);
      return (run.body as ContainerDetails).id;
    };
    const died = (id: string) => (events: Event[]) =>
      events.some(({ action, actorId }) => action === 'die' && actorId === id);
    const ids = ({ values }: { values: Event[] }) => new Set(values.map(({ actorId }) => actorId));

    it('is told as it happens, and filtered as asked', async () => {
      const client = clientOf(admin);
      const all = subscribe<Event>(client, EVENTS);
      const starts = subscribe<Event>(client, EVENTS, { filter: { type: ['container'], action: ['start'] } });
      await eventually(viewers, (count) => count >= 2);
      const id = await runOne(admin);
      await starts.until((events) => events.some(({ actorId }) => actorId === id));
      const lived = await all.until(died(id));
      expect(lived.filter(({ actorId }) => actorId === id).map(({ action }) => action)).toEqual([
        'create',
        'start',
        'die',
      ]);
      expect(new Set(starts.values.map(({ action }) => action))).toEqual(new Set(['start']));
      all.unsubscribe();
      starts.unsubscribe();
    });

    it('is told to a developer of what it owns and of nothing else', async () => {
      const developer = await app.user('owner', [
        { role: 'developer', scope: { engines: ['*'], owned: true } },
      ]);
      const seen = subscribe<Event>(clientOf(developer), EVENTS);
      const everything = subscribe<Event>(clientOf(admin), EVENTS);
      await eventually(viewers, (count) => count >= 2);
      const theirs = await runOne(admin);
      const own = await runOne(developer);
      await everything.until(died(own));
      await seen.until(died(own));
      expect(ids(everything)).toEqual(expect.objectContaining(new Set([theirs, own])));
      expect(ids(seen)).toEqual(new Set([own]));
      seen.unsubscribe();
      everything.unsubscribe();
    });

    it('is told to a viewer by label of what carries it and of nothing else', async () => {
      const viewer = await app.user('web-viewer', [
        { role: 'viewer', scope: { engines: ['*'], labelSelector: 'team=web' } },
      ]);
      const seen = subscribe<Event>(clientOf(viewer), EVENTS);
      await eventually(viewers, (count) => count >= 1);
      await runOne(admin, { team: 'db' });
      const web = await runOne(admin, { team: 'web' });
      await seen.until(died(web));
      expect(ids(seen)).toEqual(new Set([web]));
      seen.unsubscribe();
    });

    it('is refused to who has no right on the engine', async () => {
      const stranger = await app.user('stranger', []);
      const seen = subscribe<Event>(clientOf(stranger), EVENTS);
      await seen.ended;
      expect(seen.errors).toMatchObject([{ extensions: { code: 'not_found' } }]);
    });
  });
});
