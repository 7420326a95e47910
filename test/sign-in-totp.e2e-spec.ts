import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { totpCode } from '../src/identity/totp.js';
import { type TestActor, TestApp } from './support/app.js';
import { freshDatabase, type FreshDatabase } from './support/postgres.js';

const PASSWORD = 'a password for tests';
const STEP_MS = 30_000;

interface Proof {
  readonly totp?: string;
  readonly recoveryCode?: string;
}

let app: TestApp;

const login = (username: string, proof: Proof = {}, password = PASSWORD) =>
  app
    .rest()
    .post('/api/v1/auth/login')
    .send({ username, password, ...proof });

/** Codes that were not used: of the step before, of now and of the one after, all of which are good now. */
class App {
  private last = 0;

  constructor(readonly secret: string) {}

  /** One that is good now and later than all that were asked for. At most three in a row. */
  next(): string {
    const step = Math.max(this.last + 1, Math.floor(Date.now() / STEP_MS) - 1);
    this.last = step;
    return totpCode(this.secret, step * STEP_MS);
  }
}

async function enrol(actor: TestActor): Promise<{ app: App; codes: string[] }> {
  const begun = await app.rest(actor).post('/api/v1/me/totp').send({ currentPassword: PASSWORD }).expect(200);
  const { secret, otpauthUri } = begun.body as { secret: string; otpauthUri: string };
  expect(otpauthUri).toContain(secret);
  const authenticator = new App(secret);
  const confirmed = await app
    .rest(actor)
    .post('/api/v1/me/totp/confirm')
    .send({ code: authenticator.next() })
    .expect(200);
  return { app: authenticator, codes: (confirmed.body as { recoveryCodes: string[] }).recoveryCodes };
}

describe.each(['sqlite', 'postgres'] as const)('a second factor on %s', (kind) => {
  let server: FreshDatabase | undefined;
  let dataDir: string;
  let admin: TestActor;
  beforeAll(async () => {
    server = kind === 'postgres' ? await freshDatabase() : undefined;
    dataDir = await mkdtemp(join(tmpdir(), 'dockmaster-totp-'));
    app = await TestApp.start({ dataDir, environment: server ? { DATABASE_URL: server.url } : {} });
    admin = await app.admin();
  });
  afterAll(async () => {
    await app.stop();
    await server?.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('is asked for beside the password, and each code is good once', async () => {
    const alice = await app.user('alice', []);
    const { app: authenticator, codes } = await enrol(alice);
    expect(codes).toHaveLength(10);
    const challenge = await login('alice').expect(401);
    expect(challenge.body).toMatchObject({ code: 'second_factor_required', title: 'Second factor required' });
    const totp = authenticator.next();
    await login('alice', { totp }).expect(200);
    const replayed = await login('alice', { totp }).expect(401);
    expect(replayed.body).toMatchObject({ code: 'unauthenticated' });
    expect((await app.rest(alice).get('/api/v1/me/totp').expect(200)).body).toEqual({
      enabled: true,
      confirmedAt: expect.any(String),
      recoveryCodesLeft: 10,
    });
  });

  it('may be a recovery code, each of them once', async () => {
    const bob = await app.user('bob', []);
    const { codes } = await enrol(bob);
    const [recoveryCode = '', other = ''] = codes;
    await login('bob', { recoveryCode }).expect(200);
    await login('bob', { recoveryCode }).expect(401);
    const renewed = await app
      .rest(bob)
      .post('/api/v1/me/totp/recovery-codes')
      .send({ recoveryCode: other })
      .expect(200);
    const { recoveryCodes } = renewed.body as { recoveryCodes: string[] };
    await login('bob', { recoveryCode: codes[2] ?? '' }).expect(401);
    await login('bob', { recoveryCode: recoveryCodes[0] ?? '' }).expect(200);
  });

  it('is given up with a code of it, not without', async () => {
    const carol = await app.user('carol', []);
    const { app: authenticator } = await enrol(carol);
    const disable = (proof: object) => app.rest(carol).post('/api/v1/me/totp/disable').send(proof);
    await disable({}).expect(400);
    expect((await disable({ totp: '000000' }).expect(400)).body).toMatchObject({
      errors: [{ field: 'totp' }],
    });
    expect((await disable({ totp: 'x' }).expect(400)).body).toMatchObject({ errors: [{ field: 'totp' }] });
    await disable({ totp: authenticator.next() }).expect(204);
    await login('carol').expect(200);
    expect((await disable({ totp: authenticator.next() }).expect(409)).body).toMatchObject({
      code: 'conflict',
    });
  });

  it('is handled by GraphQL as by REST', async () => {
    const dave = await app.user('dave', []);
    const ask = async (query: string, input?: object) => {
      const answer = await app.graphql(dave, query, input ? { input } : undefined);
      expect(answer.errors).toBeUndefined();
      return answer.data as Record<string, Record<string, unknown>>;
    };
    const { enrolTotp } = await ask(
      'mutation ($input: EnrolTotpInput!) { enrolTotp(input: $input) { secret otpauthUri } }',
      { currentPassword: PASSWORD },
    );
    const authenticator = new App(String(enrolTotp?.['secret']));
    const { confirmTotp } = await ask(
      'mutation ($input: ConfirmTotpInput!) { confirmTotp(input: $input) { recoveryCodes } }',
      { code: authenticator.next() },
    );
    expect(confirmTotp?.['recoveryCodes']).toHaveLength(10);
    expect(await ask('{ secondFactor { enabled recoveryCodesLeft } }')).toEqual({
      secondFactor: { enabled: true, recoveryCodesLeft: 10 },
    });
    await login('dave').expect(401);
    await ask('mutation ($input: SecondFactorInput!) { disableTotp(input: $input) }', {
      totp: authenticator.next(),
    });
    await login('dave').expect(200);
  });

  it('can’t be guessed: codes count as passwords do, and knowing the password forgives nothing', async () => {
    const erin = await app.user('erin', []);
    const { app: authenticator } = await enrol(erin);
    for (let guess = 0; guess < 5; guess++) {
      await login('erin', { totp: '000000' }).expect(401);
      expect((await login('erin')).body).toMatchObject({
        code: guess < 4 ? 'second_factor_required' : 'too_many_requests',
      });
    }
    const throttled = await login('erin', { totp: authenticator.next() }).expect(429);
    expect(Number(throttled.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    const answer = await app
      .rest(admin)
      .get('/api/v1/audit')
      .query({ operation: 'signIn', target: 'erin', outcome: 'refused' })
      .expect(200);
    expect(answer.body).toMatchObject({
      totalCount: 5,
      items: [{ reason: 'Wrong code of the second factor' }, {}, {}, {}, {}],
    });
  });

  it('is taken away by an admin from who lost it, and not by others', async () => {
    const frank = await app.user('frank', []);
    const grace = await app.user('grace', [{ role: 'viewer' }]);
    await enrol(frank);
    const path = `/api/v1/users/${frank.id}/totp/reset`;
    await app.rest(grace).post(path).expect(403);
    await login('frank').expect(401);
    await app.rest(admin).post(path).expect(204);
    await login('frank').expect(200);
    const answer = await app
      .rest(admin)
      .get('/api/v1/audit')
      .query({ operation: 'users:update', target: 'frank' })
      .expect(200);
    expect(answer.body).toMatchObject({
      items: [{ targetKind: 'secondFactor', outcome: 'succeeded', actorName: 'admin' }],
    });
    await enrol(frank);
    expect(
      await app.graphql(admin, 'mutation ($id: String!) { resetUserTotp(id: $id) }', { id: frank.id }),
    ).toEqual({ data: { resetUserTotp: true } });
    await login('frank').expect(200);
  });

  it('is not to be had with an API token', async () => {
    const henry = await app.user('henry', []);
    const made = await app.rest(henry).post('/api/v1/tokens').send({ name: 'ci' }).expect(201);
    const authorization = `Bearer ${(made.body as { token: string }).token}`;
    for (const path of ['', '/confirm', '/disable', '/recovery-codes']) {
      const body =
        path === '' ? { currentPassword: PASSWORD } : path === '/confirm' ? { code: '000000' } : {};
      await app.rest().post(`/api/v1/me/totp${path}`).set({ authorization }).send(body).expect(403);
    }
  });

  it('needs the password to begin with', async () => {
    const iris = await app.user('iris', []);
    const answer = await app
      .rest(iris)
      .post('/api/v1/me/totp')
      .send({ currentPassword: 'not the password' })
      .expect(400);
    expect(answer.body).toMatchObject({ errors: [{ field: 'currentPassword' }] });
    await app.rest(iris).post('/api/v1/me/totp/confirm').send({ code: '000000' }).expect(409);
  });

  it('is encrypted with a key of its own in the data directory, and good after a restart', async () => {
    const jack = await app.user('jack', []);
    const { app: authenticator, codes } = await enrol(jack);
    expect((await stat(join(dataDir, 'secret-key'))).mode & 0o777).toBe(0o600);
    for (const name of await readdir(dataDir)) {
      const content = await readFile(join(dataDir, name), 'latin1');
      expect(content).not.toContain(authenticator.secret);
      for (const code of codes) expect(content).not.toContain(code);
    }
    await app.stop();
    app = await TestApp.start({ dataDir, environment: server ? { DATABASE_URL: server.url } : {} });
    await login('jack').expect(401);
    await login('jack', { totp: authenticator.next() }).expect(200);
    await app.stop();

    // Another key: nobody gets in without the second factor because it can't be read.
    app = await TestApp.start({
      dataDir,
      environment: {
        DOCKMASTER_SECRET_KEY: 'another key that is at least 32 characters long',
        ...(server ? { DATABASE_URL: server.url } : {}),
      },
    });
    const answer = await login('jack', { totp: authenticator.next() }).expect(503);
    expect(answer.body).toMatchObject({
      code: 'unavailable',
      detail: expect.stringContaining('DOCKMASTER_SECRET_KEY'),
    });
  });
});
