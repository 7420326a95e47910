import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RoleBinding } from '../access/role-binding.js';
import type { Actor } from '../common/actor.js';
import { BUILT_IN_ROLES, type BuiltInRoleName } from '../common/roles.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import { operation } from '../engine/operations/index.js';
import type { ServiceDocument, ServiceSpec } from '../state/swarm-documents.js';
import type { Admission } from './admission.js';
import { type Authoriser, toGrant } from './authoriser.js';
import { ContainerReferences } from './container-references.js';
import type { EngineFacts } from './engine-facts.js';
import type { ObjectFinder } from './object-finder.js';
import { Rights } from './rights.js';
import { ServiceChange } from './service-change.js';
import { ServicePolicy } from './service-policy.js';
import { ServiceReferences } from './service-references.js';
import type { ServiceVolumes } from './service-volumes.js';
import type { SwarmEngines } from './swarm-engines.js';

const ACTOR: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };

interface Thing {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly team?: string;
  readonly owned?: boolean;
  readonly driver?: string;
}

/** What the engine has. */
const THINGS: readonly Thing[] = [
  { kind: 'secret', id: 's-web', name: 'web-pw', team: 'web' },
  { kind: 'secret', id: 's-db', name: 'db-pw', team: 'db' },
  { kind: 'config', id: 'c-web', name: 'web-cfg', team: 'web' },
  { kind: 'network', id: 'n-web', name: 'web-net', team: 'web', driver: 'overlay' },
  { kind: 'network', id: 'n-db', name: 'db-net', team: 'db', driver: 'overlay' },
  { kind: 'network', id: 'n-host', name: 'host', driver: 'host' },
  { kind: 'volume', id: 'mine', name: 'mine', owned: true },
  { kind: 'volume', id: 'theirs', name: 'theirs', team: 'db' },
  { kind: 'image', id: 'i', name: 'app:1' },
  { kind: 'image', id: 'i2', name: 'corp.example/app:1' },
];

const web = (container: object, rest: Partial<ServiceSpec> = {}): ServiceSpec => ({
  Name: 'web',
  Labels: { team: 'web' },
  ...rest,
  TaskTemplate: { ...rest.TaskTemplate, ContainerSpec: { Image: 'app:1', ...container } },
});
const mounting = (...names: string[]) => ({
  Mounts: names.map((Source) => ({ Type: 'volume', Source, Target: `/${Source}` })),
});
const BIND = { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] };

type Given = [role: BuiltInRoleName, rest?: Partial<Pick<RoleBinding, 'scope' | 'level'>>];
const DEVELOPER: Given = ['developer'];
const WEB: Given = ['developer', { scope: { engines: ['*'], labelSelector: 'team=web' } }];
const PRIVILEGED: Given = ['admin', { level: 'privileged' }];

describe('the policy of services', () => {
  let policy: ServicePolicy;
  let nodes: { others: object[]; unknown: number };
  let document: ServiceDocument;
  let things: Thing[];
  let ownedByAnother: boolean;

  beforeEach(() => {
    nodes = { others: [], unknown: 0 };
    things = [...THINGS];
    ownedByAnother = false;
    document = { ID: 'service', Version: { Index: 7 }, CreatedAt: '', UpdatedAt: '', Spec: web({}) };
    const find = (kind: string, reference: string) => {
      const thing = things.find((each) => each.kind === kind && [each.id, each.name].includes(reference));
      const labels = thing?.team === undefined ? {} : { team: thing.team };
      const inspected = { Driver: thing?.driver ?? '' };
      return Promise.resolve(thing && { ...thing, labels, document: () => Promise.resolve(inspected) });
    };
    const scoped = (labels: Record<string, string>, owned: boolean, repositories?: readonly string[]) => ({
      labels,
      ownedByActor: () => Promise.resolve(owned),
      ...(repositories ? { repositories } : {}),
    });
    const authoriser = {
      existing: (_a: Actor, _e: string, kind: string, id: string, labels: Record<string, string>) =>
        scoped(
          labels,
          things.some((thing) => thing.kind === kind && thing.id === id && thing.owned === true),
        ),
      created: (labels: Record<string, string>, repositories?: readonly string[]) =>
        scoped(labels, true, repositories),
      ownedByAnother: () => Promise.resolve(ownedByAnother),
    } as unknown as Authoriser;
    const facts = {
      network: (_: unknown, reference: string) => find('network', reference),
      volume: async (_: unknown, name: string) => {
        const found = await find('volume', name);
        return found && { labels: found.labels, driver: 'local', options: {} };
      },
      image: (_: unknown, name: string) => find('image', name),
      refuseReservedLabelsOfImage: () => Promise.resolve(),
      lookups: () =>
        Promise.resolve({
          container: () => Promise.resolve(undefined),
          volume: () => Promise.resolve(undefined),
          network: async (reference: string) => {
            const found = await find('network', reference);
            return found && { driver: found.driver ?? '' };
          },
          allowedRuntimes: [],
          defaultCgroupNamespace: 'private',
        }),
    } as unknown as EngineFacts;
    const finder = {
      find: (_: unknown, kind: string, reference: string) => find(kind, reference),
    } as unknown as ObjectFinder;
    const swarm = { reachOf: () => Promise.resolve(nodes) } as unknown as SwarmEngines;
    const free = { requireFree: () => Promise.resolve() } as unknown as ServiceVolumes;
    const containers = new ContainerReferences(authoriser, facts, free);
    const references = new ServiceReferences(authoriser, containers, facts, finder, swarm);
    policy = new ServicePolicy(authoriser, references, facts, swarm);
  });

  const admission = (
    bindings: readonly Given[],
    id: 'ServiceCreate' | 'ServiceUpdate',
    request: EngineRequest,
  ) => {
    const grants = bindings.map(([role, rest]) =>
      toGrant(
        { role, scope: { engines: ['*'] }, level: 'baseline', ...rest } as RoleBinding,
        BUILT_IN_ROLES[role],
      ),
    );
    return {
      actor: ACTOR,
      engine: 'local',
      operation: operation(id),
      connection: {
        name: 'local',
        apiVersion: () => Promise.resolve('1.55'),
        json: () => Promise.resolve({ body: document }),
      },
      rights: new Rights(ACTOR, 'local', grants),
      target: { kind: 'service', id: 'service' },
      request,
    } as unknown as Admission;
  };
  const create = (bindings: readonly Given[], body: unknown) =>
    policy.judgeCreate(admission(bindings, 'ServiceCreate', { body }));
  const update = (bindings: readonly Given[], body: unknown, rest: EngineRequest = {}) =>
    policy.judgeUpdate(admission(bindings, 'ServiceUpdate', { ...rest, body }));
  const bodyOf = ({ body }: EngineRequest) => body as ServiceSpec;

  it('sends what was judged, with secrets, configs and networks by their full ids', async () => {
    const File = { Name: '', UID: '0', GID: '0', Mode: 292 };
    const wanted = web(
      {
        Secrets: [{ SecretID: 'web-pw', File }],
        Configs: [{ ConfigName: 'web-cfg', File: { ...File, Name: '/x' } }],
      },
      { TaskTemplate: { Networks: [{ Target: 'web-net' }] }, Networks: [{ Target: 'n-web' }] },
    );
    expect(bodyOf(await create([DEVELOPER], wanted))).toMatchObject({
      Networks: [{ Target: 'n-web' }],
      TaskTemplate: {
        Networks: [{ Target: 'n-web' }],
        ContainerSpec: {
          Secrets: [{ SecretID: 's-web', SecretName: 'web-pw', File: { Name: 'web-pw' } }],
          Configs: [{ ConfigID: 'c-web', ConfigName: 'web-cfg', File: { Name: '/x' } }],
        },
      },
    });
  });

  it.each([
    ['whose name is another’s', { Secrets: [{ SecretID: 's-web', SecretName: 'db-pw' }] }, 'invalid_input'],
    ['of another team', { Secrets: [{ SecretID: 's-db', SecretName: 'db-pw' }] }, 'not_found'],
    ['without any name', { Secrets: [{ File: { Name: 'x' } }] }, 'not_found'],
    ['that is no secret', { Secrets: [{ SecretID: 'nonesuch' }] }, 'not_found'],
  ])('refuses a secret %s', async (_, container, kind) => {
    await expect(create([WEB], web(container))).rejects.toMatchObject({ kind });
  });

  it('refuses secrets and configs to who may see but not use them', async () => {
    const own: Given = ['developer', { scope: { engines: ['*'], owned: true } }];
    for (const container of [{ Secrets: [{ SecretID: 's-web' }] }, { Configs: [{ ConfigID: 'c-web' }] }])
      await expect(create([own, ['viewer']], web(container))).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('refuses networks and volumes of others, wherever they stand', async () => {
    const network = { Networks: [{ Target: 'db-net' }] };
    const volume = { Mounts: [{ Type: 'volume', Source: 'theirs', Target: '/x' }] };
    for (const spec of [web({}, network), web({}, { TaskTemplate: network }), web(volume)])
      await expect(create([WEB], spec)).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('refuses the host’s network by the id that it has', async () => {
    const spec = web({}, { TaskTemplate: { Networks: [{ Target: 'n-host' }] } });
    await expect(create([DEVELOPER], spec)).rejects.toMatchObject({ kind: 'policy_violation' });
    expect(bodyOf(await create([PRIVILEGED], spec))).toMatchObject({
      TaskTemplate: { Networks: [{ Target: 'host' }] },
    });
  });

  it('lets volumes of one’s own be used, and new ones by who may use all', async () => {
    await expect(create([WEB], web(mounting('mine')))).resolves.toBeDefined();
    await expect(create([WEB], web(mounting('mine', 'new')))).rejects.toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('create it first'),
    });
    await expect(create([WEB], web({ Mounts: [{ Type: 'volume', Target: '/x' }] }))).resolves.toBeDefined();
    await expect(create([DEVELOPER], web(mounting('mine', 'new')))).resolves.toBeDefined();
  });

  it('refuses named volumes where there are nodes that it does not know', async () => {
    nodes.unknown = 1;
    const named = web({ Mounts: [{ Type: 'volume', Source: 'new', Target: '/x' }] });
    await expect(create([WEB], named)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(create([DEVELOPER], named)).rejects.toMatchObject({
      kind: 'policy_violation',
      errors: [
        { field: 'TaskTemplate.ContainerSpec.Mounts.0', message: expect.stringContaining('unseenVolumes') },
      ],
    });
    await expect(
      create([DEVELOPER], web({ Mounts: [{ Type: 'volume', Target: '/x' }] })),
    ).resolves.toBeDefined();
    await expect(create([PRIVILEGED], named)).resolves.toBeDefined();
  });

  it('keeps plugins for who may have them on the whole host', async () => {
    const plugin = { Name: 'x', TaskTemplate: { Runtime: 'plugin', PluginSpec: { Remote: 'evil' } } };
    await expect(create([DEVELOPER], plugin)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(create([['admin']], plugin)).rejects.toMatchObject({ kind: 'policy_violation' });
    await expect(create([PRIVILEGED], plugin)).resolves.toBeDefined();
  });

  it('refuses reserved labels and fields that it does not know', async () => {
    const key = 'IO.dockmaster.x';
    for (const spec of [
      web({ Labels: { [key]: '' } }),
      web({}, { Labels: { team: 'web', [key]: '' } }),
      web({ Mounts: [{ Type: 'volume', Target: '/x', VolumeOptions: { Labels: { [key]: '' } } }] }),
      web({ Unknown: true }),
    ])
      await expect(create([PRIVILEGED], spec)).rejects.toMatchObject({ kind: 'invalid_input' });
  });

  describe('of changes', () => {
    it('makes a part of them upon the whole spec, at the version that was judged', async () => {
      document = { ...document, Spec: web({ Env: ['SECRET=1'] }) };
      const change = new ServiceChange((spec) => ({ ...spec, Mode: { Replicated: { Replicas: 3 } } }));
      const request = await update([DEVELOPER], change);
      expect(request).toMatchObject({ query: { version: '7' }, headers: {} });
      expect(request.body).toEqual({ ...web({ Env: ['SECRET=1'] }), Mode: { Replicated: { Replicas: 3 } } });
    });

    it('tells the version of a service that has changed', async () => {
      await expect(update([DEVELOPER], web({}), { query: { version: 6 } })).rejects.toMatchObject({
        kind: 'conflict',
        errors: [{ field: 'version', message: 'is 7 now' }],
      });
      await expect(update([DEVELOPER], web({}), { query: { version: '7', other: 1 } })).rejects.toMatchObject(
        {
          kind: 'invalid_input',
        },
      );
    });

    it('refuses what the service would be, what it is, and what it would go back to', async () => {
      const violation = { kind: 'policy_violation' };
      await expect(update([DEVELOPER], web(BIND))).rejects.toMatchObject(violation);
      document = { ...document, Spec: web(BIND), PreviousSpec: web({}) };
      await expect(update([DEVELOPER], web({}))).rejects.toMatchObject(violation);
      await expect(update([DEVELOPER], undefined, { query: { rollback: 'previous' } })).rejects.toMatchObject(
        violation,
      );
      document = { ...document, Spec: web({}), PreviousSpec: web(BIND) };
      await expect(update([DEVELOPER], web({}), { query: { rollback: 'previous' } })).rejects.toMatchObject(
        violation,
      );
      const back = await update([PRIVILEGED], undefined, { query: { rollback: 'previous' } });
      expect(back).toMatchObject({ query: { version: '7', rollback: 'previous' }, body: web(BIND) });
    });

    it('knows no way back but to the version before, where there is one', async () => {
      await expect(update([DEVELOPER], web({}), { query: { rollback: 'previous' } })).rejects.toMatchObject({
        kind: 'conflict',
      });
      await expect(update([DEVELOPER], web({}), { query: { rollback: 'other' } })).rejects.toMatchObject({
        kind: 'invalid_input',
      });
    });

    it('need the right for the labels as they are and as they will be', async () => {
      await expect(update([WEB], web({}, { Labels: { team: 'db' } }))).rejects.toMatchObject({
        kind: 'forbidden',
      });
      await expect(update([WEB], web({}, { Labels: {} }))).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(update([WEB], web({}, { Labels: { team: 'web', more: 'yes' } }))).resolves.toBeDefined();
    });

    it('are held against the lower level, where labels lead from one to the other', async () => {
      const lower: Given = [
        'developer',
        { level: 'restricted', scope: { engines: ['*'], labelSelector: 'team=db' } },
      ];
      await expect(update([WEB, lower], web({}, { Labels: { team: 'db' } }))).rejects.toMatchObject({
        kind: 'policy_violation',
      });
    });

    it('may leave what the service uses as it is, but not take it over', async () => {
      document = { ...document, Spec: web({ Secrets: [{ SecretID: 's-db', SecretName: 'db-pw' }] }) };
      const scaled = new ServiceChange((spec) => ({ ...spec, Mode: { Replicated: { Replicas: 3 } } }));
      await expect(update([WEB], scaled)).resolves.toBeDefined();
      const taken = new ServiceChange(({ TaskTemplate: task, ...spec }) => ({
        ...spec,
        TaskTemplate: {
          ...task,
          ContainerSpec: { ...task?.ContainerSpec, Command: ['cat', '/run/secrets/db-pw'] },
        },
      }));
      await expect(update([WEB], taken)).rejects.toMatchObject({ kind: 'not_found' });
    });

    it('mount no volume that somebody else made meanwhile under the name of one that is gone', async () => {
      document = { ...document, Spec: web(mounting('mine')) };
      const scaled = new ServiceChange((spec) => ({ ...spec, Mode: { Replicated: { Replicas: 3 } } }));
      await expect(update([WEB], scaled)).resolves.toBeDefined();
      things = things.filter(({ name }) => name !== 'mine');
      await expect(update([WEB], scaled)).rejects.toMatchObject({ kind: 'forbidden' });
      things.push({ kind: 'volume', id: 'mine', name: 'mine', team: 'db' });
      await expect(update([WEB], scaled)).rejects.toMatchObject({ kind: 'not_found' });
      await expect(update([DEVELOPER], scaled)).resolves.toBeDefined();
    });

    it('may drop a volume that is another’s by now, but not such that they go back to it by themselves', async () => {
      document = { ...document, Spec: web(mounting('theirs')) };
      await expect(update([WEB], web({}))).resolves.toBeDefined();
      const back = { UpdateConfig: { FailureAction: 'rollback' } };
      await expect(update([WEB], web({}, back))).rejects.toMatchObject({ kind: 'not_found' });
    });

    it('run no image that is another’s by now', async () => {
      const reader: Given = ['developer', { scope: { engines: ['*'], imageRepositories: ['app'] } }];
      document = { ...document, Spec: web({ Image: 'corp.example/app:1' }) };
      const scaled = new ServiceChange((spec) => ({ ...spec, Mode: { Replicated: { Replicas: 3 } } }));
      await expect(update([WEB, reader], scaled)).resolves.toBeDefined();
      ownedByAnother = true;
      await expect(update([WEB, reader], scaled)).rejects.toMatchObject({ kind: 'not_found' });
    });

    it.each([
      ['the same repository', 'corp.example/app:2', {}],
      ['another repository of the registry', 'corp.example/other:1', { 'X-Registry-Auth': 'e30=' }],
      ['another registry', 'evil.example/app:1', { 'X-Registry-Auth': 'e30=' }],
    ])('use credentials that the engine keeps for %s as they may', async (_, Image, headers) => {
      document = { ...document, Spec: web({ Image: 'corp.example/app:1' }), PreviousSpec: web({ Image }) };
      expect((await update([DEVELOPER], web({ Image }))).headers).toEqual(headers);
      const given = { headers: { 'x-registry-auth': 'mine' } };
      expect((await update([DEVELOPER], web({ Image }), given)).headers).toEqual({
        'X-Registry-Auth': 'mine',
      });
      const before = { query: { registryAuthFrom: 'previous-spec' } };
      expect((await update([DEVELOPER], web({ Image }), before)).headers).toEqual({});
    });
  });
});
