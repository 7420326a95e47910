import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'graphql-ws';
import { ALL_OPERATIONS } from '../src/engine/operations/index.js';
import { Gate } from '../src/gate/gate.js';
import { graphqlClient } from './support/subscriptions.js';
import { callField, callOperation, callRoute } from './support/who-may-what/calls.js';
import { documentedRoutes, fieldsOf, routesOf } from './support/who-may-what/endpoints.js';
import { ENGINE_SAMPLES } from './support/who-may-what/engine-samples.js';
import { GRAPHQL_SAMPLES } from './support/who-may-what/graphql-samples.js';
import { REST_SAMPLES } from './support/who-may-what/rest-samples.js';
import { type Answer, judge, type Sample } from './support/who-may-what/sample.js';
import { type Call, Scene } from './support/who-may-what/scene.js';
import {
  type Cell,
  type Cells,
  type Column,
  COLUMN_NAMES,
  committed,
  render,
  type Row,
} from './support/who-may-what/table.js';

/** What nobody has to sign in for. */
const PUBLIC = [
  'GET /',
  'GET /api/v1/auth/methods',
  'GET /docs',
  'GET /docs/',
  'GET /docs/*',
  'GET /docs/LICENSE',
  'GET /docs/docs/swagger-ui-init.js',
  'GET /docs/index.html',
  'GET /docs/swagger-ui-init.js',
  'GET /graphql/assets/*',
  'GET /healthz',
  'GET /hooks/{token}/runs/{id}',
  'GET /openapi.json',
  'GET /openapi.yaml',
  'GET /readyz',
  'POST /api/v1/auth/login',
  'POST /api/v1/auth/oidc/complete',
  'POST /api/v1/auth/oidc/start',
  'POST /api/v1/auth/refresh',
  // Who has the token in the path may; nobody else knows of it.
  'POST /hooks/{token}',
];
/** About oneself and the doors: needs a token, and no permission. */
const WITH_ANY_TOKEN = [
  'GET /api/v1/me',
  'GET /api/v1/me/access',
  'GET /graphql',
  'OPTIONS /graphql',
  'POST /api/v1/tokens',
  'POST /graphql',
  'WS /graphql',
  'Me.access',
  'Mutation.createApiToken',
  'Query.me',
];
/** About oneself, and nothing that an API token does. */
const SIGNED_IN_IN_PERSON = [
  'GET /api/v1/me/totp',
  'POST /api/v1/auth/logout',
  'POST /api/v1/me/password',
  'POST /api/v1/me/totp',
  'POST /api/v1/me/totp/confirm',
  'POST /api/v1/me/totp/disable',
  'POST /api/v1/me/totp/recovery-codes',
  'Mutation.confirmTotp',
  'Mutation.disableTotp',
  'Mutation.enrolTotp',
  'Mutation.renewRecoveryCodes',
  'Query.secondFactor',
];
/** The engine as a whole, and what makes something new, which is then the developer's own. */
const DEVELOPER_WITHOUT_OBJECT = [
  'GET /api/v1/engines/{engine}/system/ping',
  'GET /api/v1/engines/{engine}/system/version',
  'Query.systemPing',
  'Query.systemVersion',
  'SystemPing',
  'SystemPingHead',
  'SystemVersion',
  'GET /api/v1/engines',
  'GET /api/v1/engines/{engine}',
  'GET /api/v1/engines/{engine}/health',
  'GET /api/v1/engines/{engine}/system/disk-usage',
  'GET /api/v1/registries/{id}/repositories',
  'POST /api/v1/engines/{engine}/images/import',
  'POST /api/v1/engines/{engine}/images/pull',
  'POST /api/v1/engines/{engine}/configs',
  'POST /api/v1/engines/{engine}/networks',
  'POST /api/v1/engines/{engine}/secrets',
  'POST /api/v1/engines/{engine}/services',
  'POST /api/v1/engines/{engine}/system/prune',
  'POST /api/v1/engines/{engine}/test',
  'POST /api/v1/engines/{engine}/volumes',
  'Mutation.createConfig',
  'Mutation.createNetwork',
  'Mutation.createSecret',
  'Mutation.createService',
  'Mutation.createVolume',
  'Mutation.pruneSystem',
  'Mutation.pullImage',
  'Mutation.testConnectedEngine',
  'Query.diskUsage',
  'Query.engineHealth',
  'Query.registryRepositories',
  'POST /api/v1/engines/{engine}/containers',
  'POST /api/v1/engines/{engine}/containers/run',
  'ConfigCreate',
  'ContainerCreate',
  'NetworkCreate',
  'SecretCreate',
  'ServiceCreate',
  'VolumeCreate',
  'Mutation.createContainer',
  'Mutation.runContainer',
  'Query.engine',
  'Query.engines',
];
/** By `containers:list` and `containers:get`. */
const LISTING_AND_GETTING = [
  'GET /api/v1/containers',
  'Query.containersOnEngines',
  'GET /api/v1/engines/{engine}/containers',
  'GET /api/v1/engines/{engine}/containers/{id}',
  'GET /api/v1/engines/{engine}/containers?watch=true',
  'POST /api/v1/access-reviews',
  'ContainerInspect',
  'ContainerList',
  'Query.accessReview',
  'Query.container',
  'Query.containers',
  'Subscription.containerChanged',
];

const WITHIN_MS = 300_000;
const SIGNED_IN = COLUMN_NAMES.filter((column) => column !== 'anonymous');
const GRAPHQL_GROUPS: Readonly<Record<string, string>> = {
  Query: 'GraphQL queries',
  Mutation: 'GraphQL mutations',
  Subscription: 'GraphQL subscriptions',
};

describe('who may what', () => {
  let scene: Scene;
  const rows: Row[] = [];
  /** Samples that tell nothing about who may, and refusals that reached the engine. */
  const faults: string[] = [];
  const clients = new Map<Column, Client>();

  beforeAll(async () => {
    scene = await Scene.start();
    for (const route of routesOf(scene.app)) {
      const name = `${route.method} ${route.path}`;
      const sample = REST_SAMPLES[name];
      if (!sample) continue;
      const group = route.tag === undefined ? 'REST: pages and documents' : `REST: ${route.tag}`;
      rows.push(await row(group, name, sample, COLUMN_NAMES, (call) => callRoute(route, sample, call)));
    }
    for (const field of fieldsOf(scene.app)) {
      const name = `${field.type}.${field.name}`;
      const sample = GRAPHQL_SAMPLES[name];
      if (!sample) continue;
      const group = GRAPHQL_GROUPS[field.type] ?? 'GraphQL fields below';
      rows.push(
        await row(group, name, sample, COLUMN_NAMES, (call) => callField(field, sample, call, clientOf)),
      );
    }
    for (const operation of ALL_OPERATIONS) {
      const sample = ENGINE_SAMPLES[operation.id];
      rows.push(
        await row('Engine operations', operation.id, sample, SIGNED_IN, (call) =>
          callOperation(operation, sample, call),
        ),
      );
    }
  }, WITHIN_MS);
  afterAll(async () => {
    for (const client of clients.values()) await client.dispose();
    await scene.stop();
  });

  function clientOf({ column, actor }: Call): Client {
    const client = clients.get(column) ?? graphqlClient(scene.app, actor);
    clients.set(column, client);
    return client;
  }

  async function row(
    group: string,
    name: string,
    sample: Sample,
    columns: readonly Column[],
    send: (call: Call) => Promise<Answer>,
  ): Promise<Row> {
    const cells: Partial<Record<Column, Cell>> = {};
    for (const column of columns) {
      if (column === 'others' && sample.on === undefined && cells.own === 'yes') {
        cells.others = 'same';
        continue;
      }
      const cell = await cellOf(name, sample, scene.call(column), send);
      if (cell) cells[column] = cell;
    }
    return { group, name, on: sample.on, cells };
  }

  async function cellOf(name: string, sample: Sample, call: Call, send: (call: Call) => Promise<Answer>) {
    const before = scene.engine.changes.length;
    try {
      const answer = await send(call);
      await scene.quiet();
      const cell = judge(name, sample, call, answer);
      const changes = scene.engine.changes.slice(before);
      if (cell !== 'yes' && !sample.shows && changes.length > 0)
        faults.push(`${name} as ${call.column}: ${cell}, but the engine was asked ${changes.join(', ')}`);
      return cell;
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
      return undefined;
    } finally {
      await scene.restore();
    }
  }

  const namesWhere = (matches: (cells: Cells, row: Row) => boolean) =>
    rows
      .filter((found) => matches(found.cells, found))
      .map(({ name }) => name)
      .sort();

  it('holds every route of the server: add a new one to test/support/who-may-what/rest-samples.ts', () => {
    const routes = routesOf(scene.app).map(({ method, path }) => `${method} ${path}`);
    expect(routes.filter((name) => !(name in REST_SAMPLES))).toEqual([]);
    expect(Object.keys(REST_SAMPLES).filter((name) => !routes.includes(name))).toEqual([]);
    expect(documentedRoutes(scene.app).filter((name) => !routes.includes(name))).toEqual([]);
  });

  it('holds every GraphQL field that reaches data: add a new one to test/support/who-may-what/graphql-samples.ts', () => {
    const fields = fieldsOf(scene.app).map(({ type, name }) => `${type}.${name}`);
    expect(fields.filter((name) => !(name in GRAPHQL_SAMPLES))).toEqual([]);
    expect(Object.keys(GRAPHQL_SAMPLES).filter((name) => !fields.includes(name))).toEqual([]);
  });

  it('holds every operation of the Engine API: add a new one to test/support/who-may-what/engine-samples.ts', () => {
    const operations = ALL_OPERATIONS.map(({ id }) => id);
    expect(Object.keys(ENGINE_SAMPLES).sort()).toEqual([...operations].sort());
  });

  it('is made of calls that tell who may, none of which reached the engine where it was refused', () => {
    expect(faults).toEqual([]);
  });

  it('lets everybody do only what is public', () => {
    const isOpen = ({ anonymous }: Cells) => anonymous !== undefined && anonymous !== 'sign in';
    expect(namesWhere(isOpen)).toEqual([...PUBLIC].sort());
  });

  it("lets a developer do nothing with another's objects", () => {
    expect(namesWhere(({ others }) => others === 'yes')).toEqual([]);
  });

  it('lets a developer that is bound to what it owns do only this, where there is no object', () => {
    const may = [...PUBLIC, ...WITH_ANY_TOKEN, ...SIGNED_IN_IN_PERSON, ...DEVELOPER_WITHOUT_OBJECT];
    expect(namesWhere(({ others }) => others === 'same')).toEqual(may.sort());
  });

  it('lets a narrowed token do only what needs no permission, or one that it has', () => {
    const may = [...PUBLIC, ...WITH_ANY_TOKEN, ...LISTING_AND_GETTING];
    expect(namesWhere(({ token }) => token === 'yes')).toEqual(may.sort());
  });

  it('lets a viewer change nothing but its own', () => {
    const changing = ALL_OPERATIONS.filter(({ changes }) => changes).map(({ id }) => id as string);
    expect(namesWhere(({ viewer }, { name }) => viewer === 'yes' && changing.includes(name))).toEqual([]);
    const mutations = namesWhere(({ viewer }, { name }) => viewer === 'yes' && name.startsWith('Mutation.'));
    // Whether it answers; what comes of what others have changed.
    const asking = ['Mutation.testConnectedEngine', 'Mutation.convergeService'];
    const own = [...WITH_ANY_TOKEN, ...SIGNED_IN_IN_PERSON, ...asking];
    expect(mutations.filter((name) => !own.includes(name))).toEqual([]);
  });

  it.each(['SystemEvents', 'ContainerList', 'ContainerInspect'] as const)(
    'has no way round what is cut down: %s is not to be had as a mere stream',
    async (id) => {
      const { actor, target } = scene.call('own');
      if (!actor) throw new Error('a developer is somebody');
      const engine = scene.app.nest
        .get(Gate)
        .as(await scene.actorOf(actor))
        .engine('local');
      const streaming = engine.stream(id, { params: { id: target.container } });
      await expect(
        streaming.then(({ body }) => {
          body.on('error', () => undefined).destroy();
        }),
      ).rejects.toThrow(id);
    },
  );

  it('is what docs/who-may-what.md says: look at the difference, then run with UPDATE_WHO_MAY_WHAT=1', () => {
    const rendered = render(rows);
    expect(rendered.split('\n')).toEqual(committed(rendered).split('\n'));
  });
});
