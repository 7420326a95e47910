import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import supertest from 'supertest';
import { type NewRoleBinding, RoleBindingsService } from '../../src/access/role-bindings.service.js';
import { createLogger } from '../../src/common/logging.js';
import { readSettings } from '../../src/config/settings.js';
import { createApp } from '../../src/create-app.js';
import { UsersService } from '../../src/identity/users.service.js';
import { Contract } from './contract.js';
import { sharedEngine } from './shared-peers.js';

const contract = new Contract();
const ADMIN_PASSWORD = 'correct horse battery';
const PASSWORD = 'a password for tests';

/** Someone who is signed in. */
export interface TestActor {
  readonly id: string;
  readonly username: string;
  readonly token: string;
  readonly authorization: string;
}

export interface TestAppOptions {
  /** Of the engine `local`; the shared one unless given. */
  readonly dockerHost?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Kept after `stop()`, so that another app can go on with it. */
  readonly dataDir?: string;
}

/** What GraphQL over HTTP answers. */
export interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly string[];
    readonly extensions: { readonly code: string; readonly errors?: readonly { field: string }[] };
  }[];
}

/** Dockmaster as it really runs, listening on a free port, with its own data directory, against a real engine. */
export class TestApp {
  private readonly violations = new Set<string>();

  private constructor(
    readonly nest: NestFastifyApplication,
    readonly url: string,
    private readonly dataDir: string,
    private readonly ownsDataDir: boolean,
  ) {}

  static async start({ dockerHost, environment = {}, dataDir }: TestAppOptions = {}): Promise<TestApp> {
    const directory = dataDir ?? (await mkdtemp(join(tmpdir(), 'dockmaster-test-')));
    const settings = readSettings({
      DOCKMASTER_LISTEN: '127.0.0.1:0',
      DOCKMASTER_DATA_DIR: directory,
      DOCKMASTER_ADMIN_PASSWORD: ADMIN_PASSWORD,
      DOCKMASTER_LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'fatal',
      DOCKER_HOST: dockerHost ?? `unix://${sharedEngine().socketPath}`,
      ...environment,
    });
    const nest = await createApp(settings, createLogger(settings.logLevel));
    await nest.listen(0, '127.0.0.1');
    return new TestApp(nest, await nest.getUrl(), directory, dataDir === undefined);
  }

  /** Stops it, and fails the test file if an answer was not what `openapi/openapi.json` says. */
  async stop(): Promise<void> {
    await this.nest.close();
    if (this.ownsDataDir) await rm(this.dataDir, { recursive: true, force: true });
    if (this.violations.size > 0) {
      throw new Error(`Answers that break the contract:\n${[...this.violations].slice(0, 20).join('\n')}`);
    }
  }

  get webSocketUrl(): string {
    return this.url.replace(/^http/, 'ws');
  }

  /** The first admin. */
  admin(): Promise<TestActor> {
    return this.signIn('admin', ADMIN_PASSWORD);
  }

  /** A new user with these role bindings, each on all engines unless it says otherwise. */
  async user(
    username: string,
    bindings: readonly (Pick<NewRoleBinding, 'role'> & Partial<NewRoleBinding>)[],
  ): Promise<TestActor> {
    const { id } = await this.nest.get(UsersService).create({ username, password: PASSWORD });
    for (const binding of bindings) {
      await this.nest
        .get(RoleBindingsService)
        .bind({ subject: { kind: 'user', id }, scope: { engines: ['*'] }, createdBy: 'test', ...binding });
    }
    return this.signIn(username, PASSWORD);
  }

  /** REST as `actor`, or as nobody. Each answer is held against the OpenAPI document. */
  rest(actor?: TestActor) {
    const agent = supertest.agent(this.url);
    void agent.use((request: supertest.Test) => {
      request.on('response', (response: supertest.Response) => this.check(request.method, response));
    });
    return actor ? agent.set('authorization', actor.authorization) : agent;
  }

  async graphql(
    actor: TestActor | undefined,
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<GraphqlAnswer> {
    const response = await this.rest(actor).post('/graphql').send({ query, variables });
    return response.body as GraphqlAnswer;
  }

  private check(method: string, { request, status, headers, text }: supertest.Response): void {
    const path = new URL((request as unknown as { url: string }).url, this.url);
    if (!path.pathname.startsWith('/api/')) return;
    const contentType = (headers as Record<string, string | undefined>)['content-type'];
    const answer = {
      method,
      path: path.pathname,
      status,
      contentType,
      text: (text as string | undefined) ?? '',
    };
    for (const violation of contract.violations(answer)) this.violations.add(violation);
  }

  private async signIn(username: string, password: string): Promise<TestActor> {
    const signedIn = await this.rest().post('/api/v1/auth/login').send({ username, password }).expect(200);
    const { accessToken } = signedIn.body as { accessToken: string };
    const authorization = `Bearer ${accessToken}`;
    const me = await supertest(this.url).get('/api/v1/me').set('authorization', authorization).expect(200);
    return { id: (me.body as { id: string }).id, username, token: accessToken, authorization };
  }
}
