import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'graphql-ws';
import type { TestActor } from './support/app.js';
import { HostileGround } from './support/hostile-ground.js';
import { HttpStream, type StreamType } from './support/http-stream.js';
import { graphqlClient, subscribe } from './support/subscriptions.js';
import { TerminalClient, upgradeStatus } from './support/terminal-client.js';

/** How long a stream may outlive the right to it. */
const WITHDRAWN_WITHIN_MS = 5_000;
const ON_ENGINE = 'engines/local/containers';
const SUBSCRIPTIONS: Readonly<Record<string, string>> = {
  containerLogs: 'containerLogs(engine: "local", id: "ID", follow: true) { message }',
  containerStats: 'containerStats(engine: "local", id: "ID") { pids }',
  containerChanged: 'containerChanged(engine: "local") { kind }',
  engineEvents: 'engineEvents(engine: "local") { type }',
  auditRecordAdded: 'auditRecordAdded { id }',
};

interface Watching {
  readonly actor: TestActor;
  readonly withdraw: () => Promise<unknown>;
}

/** Rights that end while something goes on: all of it ends with them, whatever the right came by. */
describe('what goes on', () => {
  let ground: HostileGround;
  let id: string;
  const clients: Client[] = [];

  beforeAll(async () => {
    ground = await HostileGround.start();
    const permissions = [
      'containers:list',
      'containers:get',
      'containers:logs',
      'containers:stats',
      'containers:exec',
      'containers:attach',
      'system:events',
      'audit:list',
    ];
    await ground.make('roles', { name: 'watcher', permissions });
    id = (await ground.containers.run({ labels: { team: 'web' } })).id;
  });
  afterAll(async () => {
    for (const client of clients) await client.dispose();
    await ground.stop();
  });

  const by = async (method: 'post' | 'patch' | 'delete', path: string, body?: object) => {
    const { status, text } = await ground.rest(ground.admin, [method, path, body]);
    if (status === undefined || status >= 300) throw new Error(text);
  };
  const clientOf = (actor: TestActor) => {
    const client = graphqlClient(ground.app, actor);
    clients.push(client);
    return client;
  };
  const watcher = (name: string) => ground.app.user(name, [{ role: 'watcher' }]);
  const bound = async (name: string) => {
    const actor = await ground.app.user(name, []);
    return { actor, binding: await ground.bind(actor, 'watcher') };
  };
  const byTeam = async (name: string) => {
    const actor = await ground.app.user(name, []);
    const { id: team } = await ground.make('teams', { name: `team-of-${name}` });
    const binding = await ground.bind({ kind: 'team', id: team }, 'watcher');
    await ground.app.rest(ground.admin).put(`/api/v1/teams/${team}/members/${actor.id}`).expect(204);
    return { actor, team, binding };
  };
  const robot = async (name: string) => {
    const { id: account } = await ground.make('service-accounts', { name });
    await ground.bind({ kind: 'serviceAccount', id: account }, 'watcher');
    const path = `service-accounts/${account}`;
    const made = await ground.make<{ id: string; token: string }>(`${path}/tokens`, { name });
    const actor = { id: account, username: name, token: made.token, authorization: `Bearer ${made.token}` };
    return { actor, path, token: made.id };
  };

  const ENDINGS: Readonly<Record<string, () => Promise<Watching>>> = {
    'a role binding is removed': async () => {
      const { actor, binding } = await bound('unbound');
      return { actor, withdraw: () => by('delete', `role-bindings/${binding}`) };
    },
    'a role binding is moved to another engine': async () => {
      const { actor, binding } = await bound('moved');
      const scope = { engines: ['edge'] };
      return { actor, withdraw: () => by('patch', `role-bindings/${binding}`, { scope }) };
    },
    'a role loses its permissions': async () => {
      const permissions = ['containers:*', 'system:events', 'audit:list'];
      await ground.make('roles', { name: 'fading', permissions });
      const actor = await ground.app.user('faded', [{ role: 'fading' }]);
      return { actor, withdraw: () => by('patch', 'roles/fading', { permissions: ['images:list'] }) };
    },
    'an API token is revoked': async () => {
      const token = await ground.token(await watcher('token-revoked'));
      return { actor: token.actor, withdraw: () => by('delete', `tokens/${token.id}`) };
    },
    'the token that a token was made with is revoked': async () => {
      const parent = await ground.token(await watcher('parent-revoked'));
      const { actor } = await ground.token(parent.actor);
      return { actor, withdraw: () => by('delete', `tokens/${parent.id}`) };
    },
    'a user signs out': async () => {
      const actor = await watcher('signed-out');
      return {
        actor,
        withdraw: () => ground.app.rest(actor).post('/api/v1/auth/logout').expect(204),
      };
    },
    'an admin ends the sessions': async () => {
      const actor = await watcher('sessions-ended');
      return { actor, withdraw: () => by('delete', `users/${actor.id}/sessions`) };
    },
    'a password is set': async () => {
      const actor = await watcher('new-password');
      const password = 'another password for tests';
      return { actor, withdraw: () => by('patch', `users/${actor.id}`, { password }) };
    },
    'a user is disabled': async () => {
      const actor = await watcher('disabled');
      return { actor, withdraw: () => by('patch', `users/${actor.id}`, { disabled: true }) };
    },
    'a user is deleted': async () => {
      const actor = await watcher('deleted');
      return { actor, withdraw: () => by('delete', `users/${actor.id}`) };
    },
    'a disabled user’s token is in use': async () => {
      const user = await watcher('disabled-owner');
      const { actor } = await ground.token(user);
      return { actor, withdraw: () => by('patch', `users/${user.id}`, { disabled: true }) };
    },
    'a team is left': async () => {
      const { actor, team } = await byTeam('leaver');
      return { actor, withdraw: () => by('delete', `teams/${team}/members/${actor.id}`) };
    },
    'a team is deleted': async () => {
      const { actor, team } = await byTeam('orphan');
      return { actor, withdraw: () => by('delete', `teams/${team}`) };
    },
    'a team’s binding is removed': async () => {
      const { actor, binding } = await byTeam('teamless');
      return { actor, withdraw: () => by('delete', `role-bindings/${binding}`) };
    },
    'a service account is disabled': async () => {
      const { actor, path } = await robot('robot-disabled');
      return { actor, withdraw: () => by('patch', path, { disabled: true }) };
    },
    'a service account is deleted': async () => {
      const { actor, path } = await robot('robot-deleted');
      return { actor, withdraw: () => by('delete', path) };
    },
    'a service account’s token is revoked': async () => {
      const { actor, path, token } = await robot('robot-revoked');
      return { actor, withdraw: () => by('delete', `${path}/tokens/${token}`) };
    },
  };

  it.each(Object.keys(ENDINGS))(
    'ends within 5 s when %s: streams, subscriptions and terminals',
    async (ending) => {
      const prepared = await ENDINGS[ending]?.();
      if (!prepared) throw new Error('no such ending');
      const { actor, withdraw } = prepared;
      const open = (path: string, accept: StreamType) =>
        HttpStream.open(`${ground.app.url}/api/v1/${path}`, { actor, accept });
      const client = clientOf(actor);
      const subscriptions = Object.values(SUBSCRIPTIONS).map((field) =>
        subscribe<object>(client, `subscription { ${field.replace('ID', id)} }`),
      );
      const streams = await Promise.all([
        open(`${ON_ENGINE}/${id}/logs?follow=true`, 'text/event-stream'),
        open(`${ON_ENGINE}/${id}/stats`, 'application/x-ndjson'),
        open(`${ON_ENGINE}?watch=true`, 'text/event-stream'),
        open(`${ON_ENGINE}?watch=true`, 'application/x-ndjson'),
        open('audit/stream', 'text/event-stream'),
      ]);
      const exec = await ground.app
        .rest(actor)
        .post(`/api/v1/${ON_ENGINE}/${id}/execs`)
        .send({ command: ['cat'], tty: true, attachStdin: true })
        .expect(201);
      const terminals = [
        TerminalClient.open(ground.app, `/execs/${(exec.body as { id: string }).id}/start`, actor),
        TerminalClient.open(ground.app, `/containers/${id}/attach`, actor),
      ];
      for (const terminal of terminals) await terminal.ready();
      expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
      await Promise.all(subscriptions.slice(0, 3).map((told) => told.until((values) => values.length > 0)));
      for (const stream of streams.slice(0, 4)) await stream.until(({ text }) => text.length > 0);

      await withdraw();
      const since = performance.now();
      const endings = [
        ...subscriptions.map(({ ended }) => ended),
        ...streams.map(({ ended }) => ended),
        ...terminals.map(({ closed }) => closed),
      ];
      const after = await Promise.all(endings.map((end) => end.then(() => performance.now() - since)));
      expect(Math.max(...after)).toBeLessThan(WITHDRAWN_WITHIN_MS);
      for (const { errors } of subscriptions)
        expect(errors).toMatchObject([{ extensions: { code: 'access_withdrawn' } }]);
      for (const { text } of streams) expect(text).toContain('access_withdrawn');
      for (const terminal of terminals)
        expect(terminal.events.at(-1)).toMatchObject({
          type: 'error',
          problem: { code: 'access_withdrawn' },
        });

      // And what is begun on the same connection afterwards tells nothing.
      const again = subscribe<object>(client, `subscription { ${SUBSCRIPTIONS['engineEvents'] ?? ''} }`);
      await again.ended;
      expect(again.values).toEqual([]);
    },
  );

  it('in a container beyond baseline ends within 5 s when the security level is lowered, in another it goes on', async () => {
    const beyond = (await ground.containers.run({ namespaces: { pid: 'host' } })).id;
    const actor = await ground.app.user('lowered', []);
    const binding = await ground.bind(actor, 'watcher', { level: 'privileged' });
    const terminalIn = async (container: string) => {
      const made = await ground.app
        .rest(actor)
        .post(`/api/v1/${ON_ENGINE}/${container}/execs`)
        .send({ command: ['cat'], tty: true, attachStdin: true })
        .expect(201);
      const terminal = TerminalClient.open(
        ground.app,
        `/execs/${(made.body as { id: string }).id}/start`,
        actor,
      );
      await terminal.ready();
      return terminal;
    };
    const [entered, other] = [await terminalIn(beyond), await terminalIn(id)];
    await by('patch', `role-bindings/${binding}`, { level: 'baseline' });
    const since = performance.now();
    await entered.closed;
    expect(performance.now() - since).toBeLessThan(WITHDRAWN_WITHIN_MS);
    expect(entered.events.at(-1)).toMatchObject({ problem: { code: 'access_withdrawn' } });
    other.type('still here\n');
    await other.reads('console', 'still here');
    other.leave();
  });

  describe('by WebSocket', () => {
    const PATHS = {
      graphql: () => '/graphql',
      exec: () => `/api/v1/engines/local/execs/${'0'.repeat(64)}/start`,
      attach: () => `/api/v1/engines/local/containers/${id}/attach`,
    };
    const names = Object.keys(PATHS) as (keyof typeof PATHS)[];
    const ORIGINS = [
      'https://evil.test',
      'null',
      'http://localhost.evil.test',
      'file://',
      'ws://127.0.0.1:1',
    ];
    it.each(names.flatMap((name) => ORIGINS.map((origin) => [name, origin] as const)))(
      '%s is not opened for %s, even with a right token',
      async (name, origin) => {
        const start = ground.recording.requests.length;
        const headers = { origin, authorization: ground.admin.authorization };
        expect(await upgradeStatus(ground.app, PATHS[name](), headers)).toBe(403);
        expect(ground.recording.requests.slice(start)).toEqual([]);
      },
    );

    it.each(['access_token', 'token', 'authorization', 'bearer'])(
      'a token in the query as %s is none',
      async (name) => {
        const { admin, app, recording } = ground;
        const start = recording.requests.length;
        const query = `${name}=${encodeURIComponent(name === 'authorization' ? admin.authorization : admin.token)}`;
        for (const path of ['me', ON_ENGINE, `${ON_ENGINE}/${id}/logs`, 'audit'])
          await app.rest().get(`/api/v1/${path}?${query}`).expect(401);
        const terminal = TerminalClient.open(app, `/containers/${id}/attach?${query}`);
        terminal.tell({ type: 'resize', width: 80, height: 24 });
        expect(await terminal.closed).toBe(4401);
        expect(recording.requests.slice(start)).toEqual([]);
      },
    );

    it.each<[what: string, query: string]>([
      [
        '31 aliases',
        `subscription { ${Array.from({ length: 31 }, (_, index) => `a${String(index)}: engineEvents(engine: "local") { type }`).join(' ')} }`,
      ],
      ['two root fields', 'subscription { a: auditRecordAdded { id } b: auditRecordAdded { id } }'],
      [
        'a depth of 50',
        `query { container(engine: "local", id: "x") ${'{ networks '.repeat(50)}{ name }${' }'.repeat(50)} }`,
      ],
      ['1,000 directives', `query { me { id ${'@include(if: true) '.repeat(1_000)} } }`],
      [
        'introspection without an end',
        `{ __schema { types ${'{ fields { type '.repeat(25)}{ name }${' } }'.repeat(25)} } }`,
      ],
    ])('%s is too much, as by HTTP', async (_, query) => {
      const start = ground.recording.requests.length;
      const told = subscribe<object>(clientOf(ground.admin), query);
      await told.ended;
      expect(told.values).toEqual([]);
      expect(told.errors.length).toBeGreaterThan(0);
      expect(ground.recording.requests.slice(start)).toEqual([]);
    });
  });
});
