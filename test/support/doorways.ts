import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { RoleBindingsService } from '../../src/access/role-bindings.service.js';
import type { CustomRole } from '../../src/access/custom-roles.service.js';
import type { AuditRecord } from '../../src/audit/audit-record.model.js';
import type { NewRoleBinding } from '../../src/access/role-bindings.service.js';
import { ServiceAccountsService } from '../../src/identity/service-accounts.service.js';
import type { TestActor, TestApp } from './app.js';
import { dockerEnvironment } from './docker-cli.js';

/** A program that scoped sockets and client certificates stand for. */
export interface TestProgram {
  readonly subject: { readonly kind: 'serviceAccount'; readonly id: string };
  readonly name: string;
}

/** A new service account with this role on all engines, unless the binding says otherwise. */
export async function program(
  app: TestApp,
  name: string,
  binding?: Pick<NewRoleBinding, 'role'> & Partial<NewRoleBinding>,
): Promise<TestProgram> {
  const { id } = await app.nest.get(ServiceAccountsService).create({ name });
  const subject = { kind: 'serviceAccount', id } as const;
  if (binding) {
    await app.nest
      .get(RoleBindingsService)
      .bind({ subject, scope: { engines: ['*'] }, createdBy: 'test', ...binding });
  }
  return { subject, name };
}

/** A user who has a role of just these permissions, on all engines and everything there. */
export async function holderOf(
  app: TestApp,
  admin: TestActor,
  username: string,
  permissions: readonly string[],
): Promise<TestActor> {
  const role = { name: `${username}-role`, permissions };
  const made = await app.rest(admin).post('/api/v1/roles').send(role).expect(201);
  return app.user(username, [{ role: (made.body as CustomRole).name }]);
}

/** REST calls of one kind of way in, as somebody. */
export class DoorwayCalls<T> {
  constructor(
    private readonly app: TestApp,
    private readonly actor: TestActor,
    private readonly kind: 'scoped-sockets' | 'client-certificates',
  ) {}

  as(actor: TestActor): DoorwayCalls<T> {
    return new DoorwayCalls(this.app, actor, this.kind);
  }

  async create<A = T>(body: object, status = 201, query: object = {}): Promise<A> {
    return (await this.app.rest(this.actor).post(this.path()).query(query).send(body).expect(status))
      .body as A;
  }

  async get<A = T>(id = '', status = 200): Promise<A> {
    return (await this.app.rest(this.actor).get(this.path(id)).expect(status)).body as A;
  }

  async patch<A = T>(id: string, body: object, status = 200): Promise<A> {
    return (await this.app.rest(this.actor).patch(this.path(id)).send(body).expect(status)).body as A;
  }

  async delete(id: string, status = 204): Promise<void> {
    await this.app.rest(this.actor).delete(this.path(id)).expect(status);
  }

  private path(id = ''): string {
    return `/api/v1/${this.kind}${id === '' ? '' : `/${id}`}`;
  }
}

/** The newest audit records that match, newest first. */
export async function audited(app: TestApp, admin: TestActor, query: object): Promise<AuditRecord[]> {
  const trail = await app.rest(admin).get('/api/v1/audit').query(query).expect(200);
  return (trail.body as { items: AuditRecord[] }).items;
}

/** A Docker client that goes on until it is cut off. */
export class RunningDocker {
  output = '';
  readonly ended: Promise<number | null>;

  constructor(host: string, environment: Readonly<Record<string, string>>, ...args: string[]) {
    const child: ChildProcess = spawn('docker', args, {
      env: { ...dockerEnvironment(host), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = once(child, 'close').then(([code]) => code as number | null);
    this.kill = () => child.kill('SIGKILL');
  }

  readonly kill: () => void;

  /** How long it takes, from now, until it ends; in milliseconds. */
  async endsIn(): Promise<number> {
    const began = performance.now();
    await this.ended;
    return performance.now() - began;
  }
}

/** One request to a unix socket, as it is written here. */
export async function overSocket(
  socketPath: string,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string }> {
  const request = httpRequest({ socketPath, method, path, headers, agent: false }).end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  return { status: answer.statusCode ?? 0, text };
}
