import { expect } from '@jest/globals';
import type { NewRoleBinding } from '../../src/access/role-bindings.service.js';
import type { AuditRecord } from '../../src/audit/audit-record.model.js';
import type { CreatedApiToken } from '../../src/identity/api-token.model.js';
import { type GraphqlAnswer, type TestActor, TestApp } from './app.js';
import type { PrivateEngine } from './private-engine.js';
import { RecordingEngine } from './recording-engine.js';
import { sharedEngine } from './shared-peers.js';
import { TestContainers } from './test-containers.js';

export type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete';
export type Call = readonly [method: Method, path: string, body?: object | string];

/** What a call was answered with: by GraphQL without a status. */
export interface Answer {
  readonly status?: number;
  readonly code: string | undefined;
  readonly text: string;
}

export interface Refusal {
  /** As the audit record names it. */
  readonly operation: string;
  readonly status?: number;
  readonly code?: string;
}

/**
 * Dockmaster before an engine that writes down what it hears, with an admin who owns what others are after. `refused` is
 * what every hostile case claims: the answer, one audit record of it, and an engine that heard nothing.
 */
export class HostileGround {
  private constructor(
    readonly recording: RecordingEngine,
    readonly app: TestApp,
    readonly admin: TestActor,
    readonly containers: TestContainers,
  ) {}

  /** @param engine the shared one, unless another is given */
  static async start(
    environment: Readonly<Record<string, string>> = {},
    engine: Pick<PrivateEngine, 'socketPath'> = sharedEngine(),
  ): Promise<HostileGround> {
    const recording = await RecordingEngine.start(engine.socketPath);
    const app = await TestApp.start({ dockerHost: recording.dockerHost, environment });
    const admin = await app.admin();
    return new HostileGround(recording, app, admin, new TestContainers(app, admin));
  }

  async stop(): Promise<void> {
    await this.containers.removeAll();
    try {
      await this.app.stop();
    } finally {
      await this.recording.stop();
    }
  }

  /** Something that the admin makes below `/api/v1`. */
  async make<T extends object = { id: string }>(path: string, body: object): Promise<T> {
    return (await this.app.rest(this.admin).post(`/api/v1/${path}`).send(body).expect(201)).body as T;
  }

  /** A role binding that the admin makes. */
  async bind(
    { id, kind = 'user' }: { readonly id: string; readonly kind?: 'user' | 'team' | 'serviceAccount' },
    role: string,
    rest: Partial<Pick<NewRoleBinding, 'scope' | 'level'>> = {},
  ): Promise<string> {
    const body = { role, subject: { kind, id }, scope: { engines: ['*'] }, ...rest };
    return (await this.make('role-bindings', body)).id;
  }

  /** `owner` as a program: by an API token of its own. */
  async token(
    owner: TestActor,
    limits: Partial<Record<'permissions' | 'engines', readonly string[]>> = {},
  ): Promise<{ readonly id: string; readonly actor: TestActor }> {
    const body = { name: 'token', ...limits };
    const made = await this.app.rest(owner).post('/api/v1/tokens').send(body).expect(201);
    const { id, token } = made.body as CreatedApiToken;
    return { id, actor: { ...owner, token, authorization: `Bearer ${token}` } };
  }

  /** @param call its path is below `/api/v1` */
  async rest(actor: TestActor | undefined, [method, path, body]: Call): Promise<Answer> {
    const request = this.app.rest(actor)[method](`/api/v1/${path}`);
    if (typeof body === 'string') void request.set('content-type', 'application/x-tar');
    const answer = await request.send(body);
    const text = (answer.text as string | undefined) ?? '';
    return { status: answer.status, code: (answer.body as { code?: string }).code, text };
  }

  async graphql(actor: TestActor, query: string, variables: object = {}): Promise<Answer & GraphqlAnswer> {
    const answer = await this.app.graphql(actor, query, { ...variables });
    return { ...answer, code: answer.errors?.[0]?.extensions.code, text: JSON.stringify(answer) };
  }

  /** All but reading of what the engine was asked since there were `start` requests. */
  changesSince(start: number): string[] {
    return this.recording.requests.slice(start).filter((request) => !/^(GET|HEAD) /.test(request));
  }

  async refusals(actor: TestActor): Promise<{ readonly count: number; readonly last?: AuditRecord }> {
    const query = { actor: actor.id, outcome: 'refused', limit: 1 };
    const listed = await this.app.rest(this.admin).get('/api/v1/audit').query(query).expect(200);
    const { items, totalCount } = listed.body as { items: AuditRecord[]; totalCount: number };
    return { count: totalCount, ...(items[0] ? { last: items[0] } : {}) };
  }

  async refused<T extends Omit<Answer, 'text'>>(
    actor: TestActor,
    { operation, ...expected }: Refusal,
    send: () => Promise<T>,
  ): Promise<T> {
    const before = await this.refusals(actor);
    const start = this.recording.requests.length;
    const answer = await send();
    expect(answer).toMatchObject({ code: 'forbidden', ...expected });
    expect(this.changesSince(start)).toEqual([]);
    const { count, last } = await this.refusals(actor);
    expect(last).toMatchObject({ outcome: 'refused', operation, actorId: actor.id });
    expect(count).toBe(before.count + 1);
    return answer;
  }

  /** The call is answered with 403 `forbidden`, unless `rest` says otherwise, and all that goes with a refusal. */
  refusedCall(
    actor: TestActor,
    operation: string,
    call: Call,
    rest: Omit<Refusal, 'operation'> = {},
  ): Promise<Answer> {
    return this.refused(actor, { status: 403, operation, ...rest }, () => this.rest(actor, call));
  }

  refusedGraphql(
    actor: TestActor,
    operation: string,
    query: string,
    { variables = {}, code = 'forbidden' }: { variables?: object; code?: string } = {},
  ): Promise<Answer & GraphqlAnswer> {
    return this.refused(actor, { operation, code }, () => this.graphql(actor, query, variables));
  }
}
