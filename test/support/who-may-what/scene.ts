import { randomUUID } from 'node:crypto';
import { CustomRolesService } from '../../../src/access/custom-roles.service.js';
import { OwnershipService } from '../../../src/access/ownership.service.js';
import { RoleBindingsService } from '../../../src/access/role-bindings.service.js';
import type { Actor } from '../../../src/common/actor.js';
import { DomainError } from '../../../src/common/errors.js';
import { DATABASE } from '../../../src/database/database.token.js';
import type { Database } from '../../../src/database/schema.js';
import type { DoorwayKind } from '../../../src/doorways/doorway.js';
import { DoorwayStore } from '../../../src/doorways/doorway-store.js';
import type { TokenOwner } from '../../../src/identity/api-token.js';
import type { CreatedApiToken } from '../../../src/identity/api-token.model.js';
import { ApiTokensService } from '../../../src/identity/api-tokens.service.js';
import { AuthenticationService } from '../../../src/identity/authentication.service.js';
import { UNFINISHED } from '../../../src/jobs/job-kinds.js';
import { JobsService } from '../../../src/jobs/jobs.service.js';
import { type IssuedTokens, SessionsService } from '../../../src/identity/sessions.service.js';
import { ServiceAccountsService } from '../../../src/identity/service-accounts.service.js';
import { TeamMembersService } from '../../../src/identity/team-members.service.js';
import { TeamsService } from '../../../src/identity/teams.service.js';
import { UsersService } from '../../../src/identity/users.service.js';
import { RegistryStore } from '../../../src/registries/registry-store.service.js';
import { type TestActor, TestApp } from '../app.js';
import { eventually } from '../eventually.js';
import { sharedEngine } from '../shared-peers.js';
import { TestContainers } from '../test-containers.js';
import { StandInEngine } from './stand-in-engine.js';
import type { Column } from './table.js';
import { sampleHook, sampleSchedule } from './automation-samples.js';

/** Of the users that `TestApp` makes, and of its first admin. */
export const PASSWORD = 'a password for tests';
const ADMIN_PASSWORD = 'correct horse battery';

/** Some user's: what calls are about. */
export interface Belongings {
  readonly owner: TestActor;
  /** A container that runs. */
  readonly container: string;
  readonly containerName: string;
  /** One that was never started. */
  readonly stopped: string;
  /** A label selector that holds of the two. */
  readonly selector: string;
  /** Of an exec in the one that runs, not started. */
  readonly exec: string;
  /** Its id. */
  readonly image: string;
  readonly imageName: string;
  /** Its id. */
  readonly network: string;
  /** Its name. */
  readonly volume: string;
  /** One that has ended. */
  readonly job: string;
  readonly session: string;
  readonly token: string;
  readonly team: string;
  readonly binding: string;
  readonly auditRecord: string;
}

/** One call that is to be made. */
export interface Call {
  readonly scene: Scene;
  readonly column: Column;
  /** Who calls; undefined for nobody. */
  readonly actor: TestActor | undefined;
  readonly target: Belongings;
}

const OWNED = { engines: ['*'], owned: true };

/** Users of each kind, with something of each kind that is theirs. */
export class Scene {
  /** Belongs to nobody. */
  readonly role = 'sample';
  private readonly renamed = new Set<string>();
  private readonly unfinished: (() => void)[] = [];

  private constructor(
    readonly app: TestApp,
    readonly engine: StandInEngine,
    private readonly actors: Readonly<Record<Column, TestActor | undefined>>,
    private readonly own: Belongings,
    private readonly others: Belongings,
    /** Belongs to nobody. */
    readonly serviceAccount: string,
    /** Belongs to nobody. */
    readonly registry: string,
    /** The admin's; nobody answers at its address. */
    readonly webhook: string,
    /** Of that one. */
    readonly delivery: string,
    private readonly containers: readonly TestContainers[],
  ) {}

  static async start(): Promise<Scene> {
    const engine = await StandInEngine.start(sharedEngine().socketPath);
    const app = await TestApp.start({
      dockerHost: engine.dockerHost,
      environment: { DOCKMASTER_TRUST_PROXY: '127.0.0.1', DOCKMASTER_OUTGOING_ALLOW: '127.0.0.1' },
    });
    const admin = await app.admin();
    const viewer = await app.user('viewer', [{ role: 'viewer' }]);
    const operator = await app.user('operator', [{ role: 'operator' }]);
    const developer = await app.user('developer', [{ role: 'developer', scope: OWNED }]);
    const somebody = await app.user('somebody', [{ role: 'developer', scope: OWNED }]);
    const made = await app
      .rest(admin)
      .post('/api/v1/tokens')
      .send({ name: 'narrowed', permissions: ['containers:list', 'containers:get'], engines: ['local'] })
      .expect(201);
    const { token } = made.body as CreatedApiToken;
    const narrowed = { ...admin, token, authorization: `Bearer ${token}` };
    const { id: serviceAccount } = await app.nest.get(ServiceAccountsService).create({ name: 'robot' });
    await app.nest.get(CustomRolesService).create({
      name: 'sample',
      description: '',
      permissions: ['containers:list'],
    });
    const { id: registry } = await app.nest.get(RegistryStore).create(newRegistry('sample'), {});
    const webhook = await newWebhook(app, admin, 'sample');
    const tested = await app.rest(admin).post(`/api/v1/webhooks/${webhook}/test`).expect(200);
    const containers = [new TestContainers(app, developer), new TestContainers(app, somebody)] as const;
    return new Scene(
      app,
      engine,
      { anonymous: undefined, viewer, operator, own: developer, others: developer, token: narrowed, admin },
      await belongings(app, admin, developer, containers[0]),
      await belongings(app, admin, somebody, containers[1]),
      serviceAccount,
      registry,
      webhook,
      (tested.body as { id: string }).id,
      containers,
    );
  }

  async stop(): Promise<void> {
    for (const containers of this.containers) await containers.removeAll();
    for (const { image, network, volume } of [this.own, this.others]) {
      await sharedEngine().call('DELETE', `/images/${image}`);
      await sharedEngine().call('DELETE', `/networks/${network}`);
      for (const name of [volume, mountedBeside(volume)])
        await sharedEngine().call('DELETE', `/volumes/${name}`);
    }
    await this.app.stop();
    await this.engine.stop();
  }

  call(column: Column): Call {
    const target = column === 'own' ? this.own : this.others;
    return { scene: this, column, actor: this.actors[column], target };
  }

  /** Resolves when all that calls have started is over. */
  async quiet(): Promise<void> {
    for (const finish of this.unfinished.splice(0)) finish();
    const database = this.app.nest.get<Database>(DATABASE);
    const unfinished = database.selectFrom('job').select('id').where('state', 'in', UNFINISHED);
    await eventually(
      () => unfinished.execute(),
      (jobs) => jobs.length === 0,
    );
  }

  /** Undoes what pokes did, and says again who owns what, since the engine only seemed to do what calls asked for. */
  async restore(): Promise<void> {
    for (const container of [...this.renamed]) await this.poke(container);
    for (const { owner, container, stopped, ...made } of [this.own, this.others]) {
      for (const id of [container, stopped]) await recordOwner(this.app, owner, 'container', id);
      for (const kind of ['image', 'network', 'volume'] as const)
        await recordOwner(this.app, owner, kind, made[kind]);
    }
  }

  /** The developer's, whose changes everybody sees who sees any container. */
  get landmark(): string {
    return this.own.container;
  }

  /** What containers that a call makes have to be labelled with to be cleared away. */
  get labels(): Record<string, string> {
    return this.containers[0]?.labels ?? {};
  }

  /**
   * Something to happen to one of the containers, told of once: it gets another name, and by `restore` its own again. A
   * pause would be told of late, and be in the way of the next.
   */
  async poke(container: string): Promise<void> {
    const { containerName: name } =
      [this.own, this.others].find((one) => one.container === container) ?? this.own;
    const next = this.renamed.delete(container) ? name : `${name}-poked`;
    if (next !== name) this.renamed.add(container);
    await sharedEngine().call('POST', `/containers/${container}/rename?name=${next}`);
  }

  /** Something to happen that is recorded. */
  async beRefused(): Promise<void> {
    await this.app.rest(this.actors.viewer).get('/api/v1/audit').expect(403);
  }

  passwordOf({ username }: TestActor): string {
    return username === 'admin' ? ADMIN_PASSWORD : PASSWORD;
  }

  name(): string {
    return `sample-${randomUUID().slice(0, 8)}`;
  }

  async newUser(): Promise<string> {
    const user = await this.app.nest.get(UsersService).create({ username: this.name(), password: PASSWORD });
    return user.id;
  }

  async newTeam(): Promise<string> {
    return (await this.app.nest.get(TeamsService).create({ name: this.name() })).id;
  }

  async newServiceAccount(): Promise<string> {
    return (await this.app.nest.get(ServiceAccountsService).create({ name: this.name() })).id;
  }

  async newRole(): Promise<string> {
    const role = { name: this.name(), description: '', permissions: ['containers:list'] as const };
    return (await this.app.nest.get(CustomRolesService).create(role)).name;
  }

  /** Work that goes on until it is cancelled. */
  async newJob({ owner }: Belongings): Promise<string> {
    const actor = await this.actorOf(owner);
    const spec = { kind: 'imagePull', engine: 'local' } as const;
    const { promise, resolve, reject } = Promise.withResolvers<null>();
    this.unfinished.push(() => resolve(null));
    const job = await this.app.nest.get(JobsService).start(actor, spec, ({ signal }) => {
      const cancel = () => reject(new DomainError('cancelled', 'It was cancelled'));
      signal.addEventListener('abort', cancel, { once: true });
      return promise;
    });
    return job.id;
  }

  async newRegistry(): Promise<string> {
    const made = await this.app.nest.get(RegistryStore).create(newRegistry(this.name()), {});
    return made.id;
  }

  /** Stands for the service account, which may do nothing. */
  async newDoorway(kind: DoorwayKind): Promise<string> {
    const name = this.name();
    const made = await this.app.nest.get(DoorwayStore).create(
      {
        kind,
        name,
        description: '',
        subject: { kind: 'serviceAccount', id: this.serviceAccount },
        engine: 'local',
        permissions: null,
        expiresAt: null,
        file: kind === 'scopedSocket' ? { mode: 0o600, owner: null, group: null } : null,
        certificate: kind === 'clientCertificate' ? `subject=CN=${name}` : null,
        parentId: undefined,
      },
      {},
    );
    return made.id;
  }

  /** @returns its id, and what it is called by */
  async newHook(): Promise<{ id: string; token: string }> {
    const body = sampleHook(this.name(), this.serviceAccount);
    const made = await this.app.rest(this.actors.admin).post('/api/v1/hooks').send(body).expect(201);
    const { hook, token } = made.body as { hook: { id: string }; token: string };
    return { id: hook.id, token };
  }

  async newSchedule(): Promise<string> {
    const body = sampleSchedule(this.name(), this.serviceAccount);
    const made = await this.app.rest(this.actors.admin).post('/api/v1/schedules').send(body).expect(201);
    return (made.body as { schedule: { id: string } }).schedule.id;
  }

  /** Connected by the admin, to an engine that is not there. @returns its name */
  async newEngine(): Promise<string> {
    const name = this.name();
    const body = { name, address: 'unix:///nonexistent/engine.sock' };
    await this.app.rest(this.actors.admin).post('/api/v1/engines').send(body).expect(201);
    return name;
  }

  newWebhook(): Promise<string> {
    return newWebhook(this.app, this.actors.admin, this.name());
  }

  /** Something to be told to whoever follows the deliveries of the webhook. */
  async testWebhook(): Promise<void> {
    await this.app.rest(this.actors.admin).post(`/api/v1/webhooks/${this.webhook}/test`).expect(200);
  }

  async newBinding({ owner: { id } }: Belongings): Promise<string> {
    return newBinding(this.app, id);
  }

  newSession(of: TestActor): Promise<IssuedTokens & { sessionId: string }> {
    return newSession(this.app, of);
  }

  newToken({ owner: { id } }: Belongings): Promise<string> {
    return newToken(this.app, { kind: 'user', id });
  }

  newServiceAccountToken(): Promise<string> {
    return newToken(this.app, { kind: 'serviceAccount', id: this.serviceAccount });
  }

  /** Makes the viewer a member, to be removed. @returns its id */
  async newMember({ team }: Belongings): Promise<string> {
    const id = this.actors.viewer?.id ?? '';
    await this.app.nest.get(TeamMembersService).add(team, id);
    return id;
  }

  /** As the gate is told. */
  actorOf({ token }: TestActor): Promise<Actor> {
    return this.app.nest.get(AuthenticationService).authenticate(token);
  }
}

async function belongings(
  app: TestApp,
  admin: TestActor,
  owner: TestActor,
  containers: TestContainers,
): Promise<Belongings> {
  const container = await containers.create();
  await sharedEngine().call('POST', `/containers/${container.id}/start`);
  await containers.said(container.id, 'ready');
  const volume = containers.name('volume');
  for (const name of [volume, mountedBeside(volume)]) {
    await make('/volumes/create', { Name: name });
    await recordOwner(app, owner, 'volume', name);
  }
  const stopped = await containers.create({
    mounts: [{ type: 'volume', source: mountedBeside(volume), target: '/data' }],
  });
  const exec = await app
    .rest(owner)
    .post(`${containers.path}/${container.id}/execs`)
    .send({ command: ['true'] })
    .expect(201);
  const { id: team } = await app.nest.get(TeamsService).create({ name: `team-of-${owner.username}` });
  await app.nest.get(TeamMembersService).add(team, owner.id);
  const audit = await app.rest(admin).get('/api/v1/audit').query({ actor: owner.id, limit: 1 }).expect(200);
  const repository = containers.name('image');
  const image = await make(`/commit?container=${stopped.id}&repo=${repository}&tag=latest`);
  const network = await make('/networks/create', { Name: containers.name('network') });
  await recordOwner(app, owner, 'image', image);
  await recordOwner(app, owner, 'network', network);
  return {
    owner,
    image,
    imageName: `${repository}:latest`,
    network,
    volume,
    container: container.id,
    containerName: container.name,
    stopped: stopped.id,
    job: await endedJob(app, owner),
    selector: containers.selector,
    exec: (exec.body as { id: string }).id,
    session: (await newSession(app, owner)).sessionId,
    token: await newToken(app, { kind: 'user', id: owner.id }),
    team,
    binding: await newBinding(app, owner.id),
    auditRecord: (audit.body as { items: { id: string }[] }).items[0]?.id ?? '',
  };
}

/** What is mounted is in the way of being removed: it is another volume. */
function mountedBeside(volume: string): string {
  return `${volume}-mounted`;
}

/** On the engine itself. @returns the id of what was made, where it has one */
async function make(path: string, body: object = {}): Promise<string> {
  const { text } = await sharedEngine().call('POST', path, { body });
  return (JSON.parse(text) as { Id?: string }).Id ?? '';
}

async function recordOwner(app: TestApp, { id }: TestActor, kind: string, objectId: string): Promise<void> {
  await app.nest
    .get(OwnershipService)
    .record({ engine: 'local', kind, objectId, name: '', ownerKind: 'user', ownerId: id });
}

async function endedJob(app: TestApp, { token }: TestActor): Promise<string> {
  const actor = await app.nest.get(AuthenticationService).authenticate(token);
  const spec = { kind: 'imagePull', engine: 'local' } as const;
  const jobs = app.nest.get(JobsService);
  const { id } = await jobs.start(actor, spec, () => Promise.resolve(null));
  await eventually(
    () => jobs.get(actor, id),
    ({ state }) => state === 'succeeded',
  );
  return id;
}

/** Where nobody answers. */
function newRegistry(name: string) {
  return {
    name,
    address: '127.0.0.1:1',
    insecure: false,
    ca: null,
    credentials: undefined,
    isDefault: undefined,
  };
}

async function newWebhook(app: TestApp, admin: TestActor | undefined, name: string): Promise<string> {
  const body = { name, address: 'http://127.0.0.1:1/', eventTypes: ['webhook.test'] };
  const made = await app.rest(admin).post('/api/v1/webhooks').send(body).expect(201);
  return (made.body as { id: string }).id;
}

async function newBinding(app: TestApp, id: string): Promise<string> {
  const binding = await app.nest
    .get(RoleBindingsService)
    .bind({ subject: { kind: 'user', id }, role: 'viewer', scope: OWNED, createdBy: 'test' });
  return binding.id;
}

async function newSession(app: TestApp, { username }: TestActor) {
  const user = await app.nest.get(UsersService).findCredentials(username);
  if (!user) throw new Error(`no user ${username}`);
  return app.nest.get(SessionsService).begin(user);
}

async function newToken(app: TestApp, owner: TokenOwner): Promise<string> {
  const maker: Actor = { kind: 'user', id: owner.id, name: 'maker', teamIds: [] };
  const made = await app.nest.get(ApiTokensService).createFor(maker, owner, { name: 'sample' });
  return made.token.id;
}
