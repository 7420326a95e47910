import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '../src/common/actor.js';
import { DATABASE } from '../src/database/database.token.js';
import type { Database } from '../src/database/schema.js';
import { LocalServer } from '../src/outgoing/testing/local-servers.js';
import { RegistryCredentialsService } from '../src/registries/registry-credentials.service.js';
import { type TestActor, TestApp } from './support/app.js';
import { LocalRegistry, REGISTRY_USER } from './support/local-registry.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';
import { sharedEngine } from './support/shared-peers.js';
import { TokenServer } from './support/token-server.js';

const PASSWORD = 'correct-horse-registry';
const NOBODY = '00000000-0000-7000-8000-000000000000';
const INDEX = 'application/vnd.oci.image.index.v1+json';

interface Registry {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly username: string | null;
  readonly hasCredentials: boolean;
  readonly isDefault: boolean;
}
interface Remote {
  readonly items: readonly { readonly name: string; readonly reference: string }[];
  readonly nextCursor: string | null;
}

const cleanUp: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  const failures: unknown[] = [];
  for (const each of cleanUp.reverse()) await each().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
});
async function kept<T extends { stop(): Promise<unknown> }>(started: Promise<T>): Promise<T> {
  const it = await started;
  cleanUp.push(() => it.stop());
  return it;
}

/** What tests ask of the application, as somebody. */
class Calls {
  constructor(
    private readonly app: TestApp,
    readonly actor: TestActor,
  ) {}

  as(actor: TestActor): Calls {
    return new Calls(this.app, actor);
  }

  async post<T = Registry>(path: string, body: object = {}, status = 201): Promise<T> {
    return (await this.app.rest(this.actor).post(`/api/v1/registries${path}`).send(body).expect(status))
      .body as T;
  }

  async get<T = Registry>(path: string, query: object = {}, status = 200): Promise<T> {
    const url = `/api/v1/registries${path}`;
    return (await this.app.rest(this.actor).get(url).query(query).expect(status)).body as T;
  }

  async patch<T = Registry>(path: string, body: object, status = 200): Promise<T> {
    return (await this.app.rest(this.actor).patch(`/api/v1/registries${path}`).send(body).expect(status))
      .body as T;
  }

  async delete<T = object>(path: string, query: object = {}, status = 200): Promise<T> {
    const url = `/api/v1/registries${path}`;
    return (await this.app.rest(this.actor).delete(url).query(query).expect(status)).body as T;
  }

  /** All pages, each of at most `limit`. */
  async walk(path: string, query: object, limit: number): Promise<{ names: string[]; pages: number }> {
    const names: string[] = [];
    let after: string | undefined;
    for (let pages = 1; ; pages++) {
      const page = await this.get<Remote>(path, {
        ...query,
        limit,
        ...(after === undefined ? {} : { after }),
      });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      names.push(...page.items.map(({ name }) => name));
      if (page.nextCursor === null) return { names, pages };
      after = page.nextCursor;
    }
  }
}

async function start(environment: Record<string, string> = {}): Promise<{ app: TestApp; admin: Calls }> {
  const app = await kept(TestApp.start({ environment }));
  return { app, admin: new Calls(app, await app.admin()) };
}

describe.each(['sqlite', 'postgres'] as const)('stored registries on %s', (kind) => {
  let server: FreshDatabase | undefined;
  let app: TestApp;
  let admin: Calls;
  beforeAll(async () => {
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    if (server) cleanUp.push(() => server?.drop() ?? Promise.resolve());
    ({ app, admin } = await start(server ? { DATABASE_URL: server.url } : {}));
  });

  const row = (id: string) =>
    app.nest
      .get<Database>(DATABASE)
      .selectFrom('registry')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();

  it('are stored, seen, changed and deleted, and their passwords are nowhere to be read', async () => {
    const input = { name: 'team', address: 'Registry.Example.com:5000', username: 'ci', password: PASSWORD };
    const made = await admin.post('', input);
    expect(made).toEqual({
      id: expect.any(String),
      name: 'team',
      address: 'registry.example.com:5000',
      insecure: false,
      username: 'ci',
      hasCredentials: true,
      ca: null,
      isDefault: true,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(await admin.get(`/${made.id}`)).toEqual(made);
    expect(await admin.get('')).toEqual({ items: [made], nextCursor: null, totalCount: 1 });
    const renamed = await admin.patch(`/${made.id}`, { name: 'squad' });
    expect(renamed).toMatchObject({ name: 'squad', username: 'ci', hasCredentials: true });
    expect(JSON.stringify(await row(made.id))).not.toContain(PASSWORD);
    await admin.patch(`/${made.id}`, { anonymous: true });
    expect(await row(made.id)).toMatchObject({ username: null, sealed_password: null });
    await admin.delete(`/${made.id}`, {}, 204);
    await admin.get(`/${made.id}`, {}, 404);

    const trail = await app.rest(admin.actor).get('/api/v1/audit').query({ target: made.id }).expect(200);
    const { items } = trail.body as { items: { operation: string; outcome: string }[] };
    expect(items.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'registries:delete succeeded',
      'registries:update succeeded',
      'registries:update succeeded',
    ]);
    const all = await app.rest(admin.actor).get('/api/v1/audit').expect(200);
    expect(JSON.stringify(all.body)).toContain('registries:create');
    expect(JSON.stringify(all.body)).not.toContain(PASSWORD);
  });

  it('have one default a host, which moves', async () => {
    const body = { address: 'defaults.example.com' };
    const one = await admin.post('', { ...body, name: 'one' });
    const two = await admin.post('', { ...body, name: 'two' });
    expect([one.isDefault, two.isDefault]).toEqual([true, false]);
    await admin.patch(`/${two.id}`, { isDefault: true });
    expect((await admin.get(`/${one.id}`)).isDefault).toBe(false);
    await admin.post('', { ...body, name: 'three', isDefault: true });
    expect((await admin.get(`/${two.id}`)).isDefault).toBe(false);
  });

  it('of a dry run are answered with, and not stored', async () => {
    const body = { name: 'rehearsed', address: 'dry.example.com', isDefault: true };
    expect(await admin.post('?dryRun=true', body)).toMatchObject({ name: 'rehearsed' });
    const { items } = await admin.get<{ items: Registry[] }>('');
    expect(items.map(({ name }) => name)).not.toContain('rehearsed');
  });

  it('have names of their own', async () => {
    await admin.post('', { name: 'unique', address: 'a.example.com' });
    for (const path of ['', '?dryRun=true']) {
      await admin.post(path, { name: 'unique', address: 'b.example.com' }, 409);
    }
  });

  it.each([
    [{ name: 'x', address: 'https://registry.example.com' }, 'address'],
    [{ name: 'x', address: 'registry.example.com/path' }, 'address'],
    [{ name: 'x', address: 'user:secret@registry.example.com' }, 'address'],
    [{ name: 'x', address: 'registry.example.com:99999' }, 'address'],
    [{ name: 'x', address: 'a.example.com', username: 'ci' }, 'password'],
    [{ name: 'x', address: 'a.example.com', password: PASSWORD }, 'username'],
    [{ name: 'x', address: 'a.example.com', username: 'a:b', password: PASSWORD }, 'username'],
    [{ name: 'x', address: 'a.example.com', ca: 'no certificate' }, 'ca'],
    [{ name: 'x', address: 'docker.io', insecure: true }, 'insecure'],
  ])('are not made of %j', async (body, field) => {
    const answer = await admin.post<{ errors: object[] }>('', body, 400);
    expect(answer).toMatchObject({ errors: [{ field }] });
    expect(JSON.stringify(answer)).not.toContain(PASSWORD);
  });

  it.each([
    ['another address', { address: 'evil.example.com' }],
    ['another port', { address: 'moved.example.com:444' }],
    ['no TLS any more', { insecure: true }],
  ])('lose their credentials with %s', async (what, change) => {
    const name = `moved-${what.replaceAll(' ', '-').toLowerCase()}`;
    const input = { name, address: 'moved.example.com', username: 'ci', password: PASSWORD };
    const { id } = await admin.post('', input);
    expect(await admin.patch(`/${id}`, change)).toMatchObject({ username: null, hasCredentials: false });
    expect((await row(id)).sealed_password).toBeNull();
    const again = await admin.patch(`/${id}`, {
      address: 'third.example.com',
      username: 'ci',
      password: 'new one',
    });
    expect(again).toMatchObject({ username: 'ci', hasCredentials: true });
    await admin.delete(`/${id}`, {}, 204);
  });

  it('have passwords that open for no other address, even where a row is changed by hand', async () => {
    const input = { name: 'sealed', address: 'sealed.example.com', username: 'ci', password: PASSWORD };
    const { id } = await admin.post('', input);
    const db = app.nest.get<Database>(DATABASE);
    await db.updateTable('registry').set({ address: 'evil.example.com' }).where('id', '=', id).execute();
    expect(await admin.post(`/${id}/test`, {}, 503)).toMatchObject({ code: 'unavailable' });
  });

  it('are not changed by two at once', async () => {
    const { id } = await admin.post('', { name: 'contended', address: 'contended.example.com' });
    const attempts = Array.from({ length: 6 }, (_, index) =>
      app
        .rest(admin.actor)
        .patch(`/api/v1/registries/${id}`)
        .send({ name: `contended-${index}` }),
    );
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 409)).toBe(true);
    expect(statuses).toContain(200);
  });
});

describe('a registry that asks for nothing', () => {
  let registry: LocalRegistry;
  let app: TestApp;
  let admin: Calls;
  let id: string;
  let digest: string;
  let index: string;
  const REPOSITORIES = ['apps/api', 'apps/web', 'base', 'tools/deep/er', 'zebra'];
  beforeAll(async () => {
    registry = await kept(LocalRegistry.start());
    for (const name of REPOSITORIES) await registry.publish(name, ['v1']);
    digest = await registry.publish('apps/web', ['v1', 'v2', 'stable'], 'the layer of web');
    await registry.publish('apps/web', ['alone'], 'another layer');
    index = await registry.put('apps/web', ['multi'], INDEX, {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest,
          size: 500,
          platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
        },
      ],
    });
    ({ app, admin } = await start({ DOCKMASTER_OUTGOING_ALLOW: registry.address }));
    const body = { name: 'local', address: registry.address, insecure: true };
    ({ id } = await admin.post('', body));
  });

  it('is tested', async () => {
    expect(await admin.post(`/${id}/test`, {}, 200)).toEqual({
      ok: true,
      authentication: 'none',
      errorCode: null,
      message: null,
    });
  });

  it.each([1, 2, 4, 100])('tells all of its repositories, %i a page', async (limit) => {
    const { names, pages } = await admin.walk(`/${id}/repositories`, {}, limit);
    expect(names).toEqual(REPOSITORIES);
    expect(pages).toBeGreaterThanOrEqual(Math.ceil(REPOSITORIES.length / limit));
  });

  it.each([1, 3, 100])('tells all tags of a repository, %i a page', async (limit) => {
    const { names } = await admin.walk(`/${id}/tags`, { repository: 'apps/web' }, limit);
    expect(names.sort()).toEqual(['alone', 'multi', 'stable', 'v1', 'v2']);
  });

  it('tells references as they are pulled by', async () => {
    const { items } = await admin.get<Remote>(`/${id}/tags`, { repository: 'base' });
    expect(items).toEqual([{ name: 'v1', reference: `${registry.address}/base:v1` }]);
  });

  it('shows an image by tag and by digest', async () => {
    const byTag = await admin.get<object>(`/${id}/manifest`, { repository: 'apps/web', reference: 'v1' });
    expect(byTag).toMatchObject({
      digest,
      kind: 'image',
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8', osVersion: null },
      createdAt: '2026-01-02T03:04:05.000Z',
      layers: [{ size: Buffer.byteLength('the layer of web') }],
      images: [],
      annotations: { 'org.example.made-by': 'a test' },
    });
    const byDigest = await admin.get<object>(`/${id}/manifest`, {
      repository: 'apps/web',
      reference: digest,
    });
    expect(byDigest).toEqual({ ...byTag, reference: digest });
  });

  it('shows an index with its platforms', async () => {
    expect(await admin.get(`/${id}/manifest`, { repository: 'apps/web', reference: 'multi' })).toMatchObject({
      digest: index,
      kind: 'index',
      size: null,
      platform: null,
      images: [{ digest, platform: { os: 'linux', architecture: 'arm64' } }],
    });
  });

  it('has no repository and no tag that it has not', async () => {
    await admin.get(`/${id}/tags`, { repository: 'nothing' }, 404);
    await admin.get(`/${id}/manifest`, { repository: 'base', reference: 'nothing' }, 404);
    await admin.delete(`/${id}/tags`, { repository: 'base', tag: 'nothing' }, 404);
    await admin.get(`/${NOBODY}/repositories`, {}, 404);
  });

  it.each([
    ['repositories', { after: 'x' }],
    ['repositories', { after: Buffer.from('["a b", null]').toString('base64url') }],
    ['repositories', { limit: 0 }],
    ['tags', { repository: '../../_catalog' }],
    ['tags', { repository: 'a?n=1' }],
    ['tags', {}],
    ['manifest', { repository: 'base', reference: '../../../v2/' }],
    ['manifest', { repository: 'base', reference: 'sha256:abc' }],
  ])('is not asked for %s with %j', async (path, query) => {
    await admin.get(`/${id}/${path}`, query, 400);
  });

  it('loses a tag with its image, unless others would go with it', async () => {
    const tagged = { repository: 'apps/web', tag: 'v2' };
    const refused = await admin.delete<{ detail: string }>(`/${id}/tags`, tagged, 409);
    expect(refused.detail).toMatch(/stable, v1|v1, stable/);
    expect((await admin.walk(`/${id}/tags`, { repository: 'apps/web' }, 100)).names).toHaveLength(5);

    const alone = await admin.delete(`/${id}/tags`, { repository: 'apps/web', tag: 'alone' });
    expect(alone).toMatchObject({ imageDeleted: true });
    expect(await admin.delete(`/${id}/tags`, { ...tagged, withOtherTags: true })).toEqual({
      digest,
      imageDeleted: true,
    });
    expect((await admin.walk(`/${id}/tags`, { repository: 'apps/web' }, 100)).names).toEqual(['multi']);
    const trail = await app
      .rest(admin.actor)
      .get('/api/v1/audit')
      .query({ operation: 'registries:deleteTags' });
    const { items } = trail.body as { items: { outcome: string; targetName: string }[] };
    expect(items[0]).toMatchObject({ outcome: 'succeeded', targetName: `${registry.address}/apps/web:v2` });
  });

  it('is the same by GraphQL', async () => {
    const { data, errors } = await app.graphql(
      admin.actor,
      `query ($id: String!) {
        registry(id: $id) { name address hasCredentials }
        registries(first: 1) { totalCount nodes { id } }
        registryRepositories(id: $id, first: 2) { nodes { name reference } pageInfo { hasNextPage endCursor } }
        registryTags(id: $id, repository: "base") { nodes { name } pageInfo { hasNextPage } }
        registryManifest(id: $id, repository: "base", reference: "v1") { kind platform { os } layers { size } }
      }`,
      { id },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      registry: { name: 'local', hasCredentials: false },
      registryRepositories: {
        nodes: [{ name: 'apps/api' }, { name: 'apps/web' }],
        pageInfo: { hasNextPage: true },
      },
      registryTags: { nodes: [{ name: 'v1' }], pageInfo: { hasNextPage: false } },
      registryManifest: { kind: 'image', platform: { os: 'linux' } },
    });
    const made = await app.graphql(
      admin.actor,
      `mutation { createRegistry(input: { name: "by-graphql", address: "g.example.com" }) { id isDefault } }`,
    );
    const { id: other } = made.data?.['createRegistry'] as { id: string };
    const changed = await app.graphql(
      admin.actor,
      `mutation ($id: String!, $other: String!) {
        testRegistry(id: $id) { ok }
        updateRegistry(id: $other, input: { name: "changed" }) { name }
        deleteRegistry(id: $other)
        deleteRegistryTag(id: $id, repository: "zebra", tag: "v1") { imageDeleted }
      }`,
      { id, other },
    );
    expect(changed.data).toEqual({
      testRegistry: { ok: true },
      updateRegistry: { name: 'changed' },
      deleteRegistry: true,
      deleteRegistryTag: { imageDeleted: true },
    });
  });

  describe('for who is not an admin', () => {
    it('is shown to a developer, who changes nothing about it', async () => {
      const developer = admin.as(await app.user('dev', [{ role: 'developer' }]));
      expect(await developer.get(`/${id}`)).toMatchObject({ name: 'local' });
      await developer.get(`/${id}/repositories`);
      await developer.post(`/${id}/test`, {}, 200);
      await developer.post('', { name: 'mine', address: 'mine.example.com' }, 403);
      await developer.post('?dryRun=true', { name: 'mine', address: 'mine.example.com' }, 403);
      await developer.patch(`/${id}`, { address: 'evil.example.com' }, 403);
      await developer.delete(`/${id}`, {}, 403);
      await developer.delete(`/${id}/tags`, { repository: 'base', tag: 'v1' }, 403);
    });

    it.each(['viewer', 'operator'])('is nothing to a %s, whether there is one or not', async (role) => {
      const actor = admin.as(await app.user(`mere-${role}`, [{ role }]));
      for (const which of [id, NOBODY]) {
        await actor.get(`/${which}`, {}, 403);
        await actor.get(`/${which}/repositories`, {}, 403);
        await actor.get(`/${which}/tags`, { repository: 'base' }, 403);
        await actor.get(`/${which}/manifest`, { repository: 'base', reference: 'v1' }, 403);
        await actor.delete(`/${which}/tags`, { repository: 'base', tag: 'v1' }, 403);
        await actor.post(`/${which}/test`, {}, 403);
      }
      await actor.get('', {}, 403);
    });

    it('is, to who may use some repositories, these and no others', async () => {
      const scope = { engines: ['*'], imageRepositories: [`${registry.address}/apps/*`] };
      const scoped = admin.as(await app.user('scoped', [{ role: 'developer', scope }]));
      const { names } = await scoped.walk(`/${id}/repositories`, {}, 100);
      expect(names).toEqual(['apps/api', 'apps/web']);
      await scoped.get(`/${id}/tags`, { repository: 'apps/api' });
      await scoped.get(`/${id}/tags`, { repository: 'base' }, 403);
      await scoped.get(`/${id}/manifest`, { repository: 'base', reference: 'v1' }, 403);
      await scoped.post(`/${id}/test`, {}, 403);
    });
  });
});

describe('a registry that deletes nothing', () => {
  it('says so', async () => {
    const registry = await kept(LocalRegistry.start({ deletes: false }));
    await registry.publish('app', ['v1']);
    const { admin } = await start({ DOCKMASTER_OUTGOING_ALLOW: registry.address });
    const { id } = await admin.post('', { name: 'local', address: registry.address, insecure: true });
    const answer = await admin.delete(`/${id}/tags`, { repository: 'app', tag: 'v1' }, 501);
    expect(answer).toMatchObject({ code: 'not_supported' });
  });
});

describe('a registry that asks for user and password', () => {
  let registry: LocalRegistry;
  let admin: Calls;
  beforeAll(async () => {
    registry = await kept(LocalRegistry.start({ auth: 'basic' }));
    await registry.publish('secret/app', ['v1']);
    ({ admin } = await start({ DOCKMASTER_OUTGOING_ALLOW: registry.address }));
  });
  const store = (name: string, credentials: object) =>
    admin.post('', { name, address: registry.address, insecure: true, ...credentials });

  it('lets in who has them', async () => {
    const { id } = await store('right', REGISTRY_USER);
    expect(await admin.post(`/${id}/test`, {}, 200)).toMatchObject({ ok: true, authentication: 'basic' });
    const { names } = await admin.walk(`/${id}/repositories`, {}, 100);
    expect(names).toEqual(['secret/app']);
    const image = { repository: 'secret/app', reference: 'v1' };
    expect(await admin.get(`/${id}/manifest`, image)).toMatchObject({ kind: 'image' });
  });

  it.each([
    ['nobody', {}],
    ['guesser', { ...REGISTRY_USER, password: 'wrong-password' }],
  ])('does not let in who comes as %s', async (name, credentials) => {
    const { id } = await store(name, credentials);
    const tested = await admin.post<{ message: string }>(`/${id}/test`, {}, 200);
    expect(tested).toMatchObject({ ok: false, errorCode: 'forbidden' });
    expect(tested.message).not.toContain('wrong-password');
    const refused = await admin.get(`/${id}/repositories`, {}, 403);
    expect(refused).toMatchObject({ code: 'forbidden' });
  });
});

describe('a registry with a token server', () => {
  let tokens: TokenServer;
  let registry: LocalRegistry;
  let admin: Calls;
  beforeAll(async () => {
    tokens = await kept(TokenServer.start());
    registry = await kept(LocalRegistry.start({ auth: tokens.auth }));
    const allowed = `${registry.address},${new URL(tokens.auth.realm).host}`;
    ({ admin } = await start({ DOCKMASTER_OUTGOING_ALLOW: allowed }));
  });

  it('lets in who has a token of it, for what is asked for and no more', async () => {
    const body = { name: 'tokens', address: registry.address, insecure: true, ...REGISTRY_USER };
    const { id } = await admin.post('', body);
    expect(await admin.post(`/${id}/test`, {}, 200)).toMatchObject({ ok: true, authentication: 'bearer' });
    expect((await admin.walk(`/${id}/repositories`, {}, 100)).names).toEqual([]);
    await admin.get(`/${id}/tags`, { repository: 'some/app' }, 404);
    expect(tokens.asked.map(({ scopes, service }) => [...scopes, service])).toEqual([
      ['test-registry'],
      ['registry:catalog:*', 'test-registry'],
      ['repository:some/app:pull', 'test-registry'],
    ]);
  });

  it('does not let in whom the token server refuses', async () => {
    const body = {
      name: 'refused',
      address: registry.address,
      insecure: true,
      username: 'eve',
      password: 'guess',
    };
    const { id } = await admin.post('', body);
    expect(await admin.post(`/${id}/test`, {}, 200)).toMatchObject({
      ok: false,
      authentication: 'bearer',
      errorCode: 'forbidden',
    });
  });
});

describe('the address of a registry', () => {
  it.each([
    '169.254.169.254',
    '[fd00:ec2::254]',
    '[::ffff:a9fe:a9fe]',
    '127.0.0.1:2375',
    'localhost:2375',
    '10.0.0.1',
    '2130706433',
    '0x7f.1',
  ])('%s is not called', async (address) => {
    const { admin } = await start();
    const { id } = await admin.post('', { name: 'inside', address, insecure: true, ...REGISTRY_USER });
    expect(await admin.post(`/${id}/test`, {}, 200)).toMatchObject({ ok: false, errorCode: 'forbidden' });
    expect(await admin.get(`/${id}/repositories`, {}, 403)).toMatchObject({ code: 'forbidden' });
  });

  it('is not called where the registry redirects to one that is inside, and nothing is sent to another', async () => {
    const elsewhere = await kept(LocalServer.start((_request, response) => response.end('{}')));
    let location = 'http://169.254.169.254/latest/meta-data/';
    const registry = await kept(
      LocalServer.start((request, response) => {
        if (request.headers.authorization === undefined) {
          response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end();
        } else if (request.url?.includes('/blobs/')) {
          response.writeHead(307, { Location: location }).end();
        } else {
          const config = {
            mediaType: 'application/vnd.oci.image.config.v1+json',
            digest: `sha256:${'a'.repeat(64)}`,
          };
          response.end(JSON.stringify({ config, layers: [] }));
        }
      }),
    );
    const allowed = `127.0.0.1:${registry.port},127.0.0.1:${elsewhere.port}`;
    const { admin } = await start({ DOCKMASTER_OUTGOING_ALLOW: allowed });
    const body = {
      name: 'bouncing',
      address: `127.0.0.1:${registry.port}`,
      insecure: true,
      ...REGISTRY_USER,
    };
    const { id } = await admin.post('', body);
    const image = { repository: 'app', reference: 'v1' };
    expect(await admin.get(`/${id}/manifest`, image, 403)).toMatchObject({ code: 'forbidden' });
    location = `http://127.0.0.1:${elsewhere.port}/blob`;
    // What comes from there is not what the digest says.
    expect(await admin.get(`/${id}/manifest`, image, 503)).toMatchObject({ code: 'unavailable' });
    expect(elsewhere.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it.each([
    ['without TLS on another host', (port: number) => `http://localhost:${port}/token`],
    ['inside', () => 'https://169.254.169.254/token'],
    ['of another scheme', () => 'file:///etc/passwd'],
  ])('of a token server %s gets no password', async (_, realmAt) => {
    const thief = await kept(LocalServer.start((_request, response) => response.end('{"token":"x"}')));
    const realm = realmAt(thief.port);
    const registry = await kept(
      LocalServer.start((_request, response) => {
        response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="${realm}"` }).end();
      }),
    );
    const { admin } = await start({ DOCKMASTER_OUTGOING_ALLOW: `127.0.0.1,localhost` });
    const body = { name: 'sly', address: `127.0.0.1:${registry.port}`, insecure: true, ...REGISTRY_USER };
    const { id } = await admin.post('', body);
    expect(await admin.post(`/${id}/test`, {}, 200)).toMatchObject({ ok: false });
    expect(thief.asked).toEqual([]);
    expect(JSON.stringify(registry.asked)).not.toContain('authorization');
  });

  it('that was changed never gets the old password, however it asks', async () => {
    const first = await kept(LocalRegistry.start({ auth: 'basic' }));
    const thief = await kept(
      LocalServer.start((_request, response) => {
        response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="give it to me"' }).end();
      }),
    );
    const { admin } = await start({ DOCKMASTER_OUTGOING_ALLOW: '127.0.0.1' });
    const body = { name: 'moved', address: first.address, insecure: true, ...REGISTRY_USER };
    const { id } = await admin.post('', body);
    expect(await admin.post(`/${id}/test`, {}, 200)).toMatchObject({ ok: true });
    await admin.patch(`/${id}`, { address: `127.0.0.1:${thief.port}` });
    expect(await admin.post(`/${id}/test`, {}, 200)).toMatchObject({ ok: false });
    await admin.get(`/${id}/repositories`, {}, 403);
    expect(thief.asked.length).toBeGreaterThan(0);
    expect(thief.asked.map(({ headers }) => headers.authorization).filter(Boolean)).toEqual([]);
  });
});

describe('credentials for an engine', () => {
  const PORT = 5065;
  let app: TestApp;
  let admin: Calls;
  let credentials: RegistryCredentialsService;
  let registry: LocalRegistry;
  const engine = sharedEngine();
  const host = `127.0.0.1:${PORT}`;
  const actorOf = ({ id, username }: TestActor): Actor => ({ kind: 'user', id, name: username, teamIds: [] });
  const decoded = (header: string | undefined): unknown =>
    header === undefined ? undefined : JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));

  beforeAll(async () => {
    const spawn = engine.spawn.bind(engine);
    registry = await kept(LocalRegistry.start({ auth: 'basic', port: PORT, spawn }));
    ({ app, admin } = await start());
    credentials = app.nest.get(RegistryCredentialsService);
    await admin.post('', { name: 'engines', address: host, ...REGISTRY_USER });
    await admin.post('', {
      name: 'hub',
      address: 'docker.io',
      username: 'hubuser',
      password: 'hub~password?>',
    });
  });

  it('let a real engine push and pull, and without them it can not', async () => {
    const repository = `${registry.address}/made/by/tests`;
    await engine.call('POST', `/images/busybox:latest/tag?repo=${repository}&tag=v1`);
    const call = async (method: string, path: string, header: string | undefined) =>
      (await engine.call(method, path, { headers: { 'X-Registry-Auth': header ?? 'e30=' } })).text;
    const header = await credentials.authHeaderFor(actorOf(admin.actor), `${repository}:v1`);
    try {
      const push = `/images/${repository}/push?tag=v1`;
      expect(await call('POST', push, undefined)).toContain('no basic auth credentials');
      expect(await call('POST', push, header)).not.toContain('errorDetail');
      await engine.call('DELETE', `/images/${repository}:v1`);
      const pull = `/images/create?fromImage=${repository}&tag=v1`;
      await expect(call('POST', pull, undefined)).rejects.toThrow('no basic auth credentials');
      expect(await call('POST', pull, header)).toContain('Status: ');
    } finally {
      const { text } = await engine.call('GET', '/images/json');
      if (text.includes(`${repository}:v1`)) await engine.call('DELETE', `/images/${repository}:v1`);
    }
  });

  it('are those of the host that an image names', async () => {
    const actor = actorOf(admin.actor);
    expect(decoded(await credentials.authHeaderFor(actor, `${host}/app@sha256:${'a'.repeat(64)}`))).toEqual({
      ...REGISTRY_USER,
      serveraddress: host,
    });
    for (const name of [
      'alpine',
      'team/app:v1',
      'docker.io/team/app',
      'index.docker.io/library/alpine',
      'docker.io',
    ]) {
      expect(decoded(await credentials.authHeaderFor(actor, name))).toEqual({
        username: 'hubuser',
        password: 'hub~password?>',
        serveraddress: 'https://index.docker.io/v1/',
      });
    }
    expect(await credentials.authHeaderFor(actor, 'other.example.com/app')).toBeUndefined();
    expect(await credentials.authHeaderFor(actor, `${host}0/app`)).toBeUndefined();
    await expect(credentials.authHeaderFor(actor, 'No Image')).rejects.toMatchObject({
      kind: 'invalid_input',
    });
  });

  it('are, for a build, those of all hosts', async () => {
    expect(decoded(await credentials.authConfigFor(actorOf(admin.actor)))).toMatchObject({
      [host]: { username: 'alice' },
      'https://index.docker.io/v1/': { username: 'hubuser' },
    });
  });

  it('of a chosen registry go to no other host', async () => {
    const actor = actorOf(admin.actor);
    const body = { name: 'second', address: host, username: 'bob', password: 'b' };
    const { id } = await admin.post('', body);
    const chosen = await credentials.authHeaderFor(actor, `${host}/app`, { registry: id });
    expect(decoded(chosen)).toMatchObject({ username: 'bob' });
    const elsewhere = credentials.authHeaderFor(actor, 'evil.example.com/app', { registry: id });
    await expect(elsewhere).rejects.toMatchObject({ kind: 'invalid_input' });
    const own = await credentials.authHeaderFor(actor, 'own.example.com/app', {
      username: 'me',
      password: 'mine',
    });
    expect(decoded(own)).toEqual({ username: 'me', password: 'mine', serveraddress: 'own.example.com' });
  });

  it('are for who may use them, and for the repositories for which they may', async () => {
    const viewer = actorOf(await app.user('looker', [{ role: 'viewer' }]));
    expect(await credentials.authHeaderFor(viewer, `${host}/app`)).toBeUndefined();
    expect(await credentials.authConfigFor(viewer)).toBeUndefined();
    const scope = { engines: ['*'], imageRepositories: [`${host}/shop/*`] };
    const shop = actorOf(await app.user('shopper', [{ role: 'developer', scope }]));
    expect(await credentials.authHeaderFor(shop, `${host}/shop/web`)).toBeDefined();
    expect(await credentials.authHeaderFor(shop, `${host}/other/web`)).toBeUndefined();
    expect(await credentials.authHeaderFor(shop, host)).toBeUndefined();
    expect(await credentials.authConfigFor(shop)).toBeUndefined();
    const { items } = await admin.get<{ items: Registry[] }>('');
    const id = items.find(({ name }) => name === 'engines')?.id;
    const chosen = credentials.authHeaderFor(viewer, `${host}/app`, { registry: id });
    await expect(chosen).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
