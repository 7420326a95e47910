import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RoleBinding } from '../access/role-binding.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { familiarName } from '../common/image-reference.js';
import { BUILT_IN_ROLES, type BuiltInRoleName } from '../common/roles.js';
import type { SecurityLevel } from '../common/security-level.js';
import type { EngineRequest } from '../engine/engine-connection.js';
import { operation, type OperationId } from '../engine/operations/index.js';
import type { WatchedKindName } from '../state/watched-kinds.js';
import type { Admission } from './admission.js';
import { AttachmentPolicy } from './attachment-policy.js';
import { type Authoriser, toGrant } from './authoriser.js';
import type { EngineFacts } from './engine-facts.js';
import { repositoryOf } from './image-names.js';
import { ImagePolicy } from './image-policy.js';
import type { ObjectFinder } from './object-finder.js';
import { ObjectPolicy } from './object-policy.js';
import { Rights } from './rights.js';
import type { ServiceVolumes } from './service-volumes.js';
import { SwarmPolicy } from './swarm-policy.js';

const ACTOR: Actor = { kind: 'user', id: 'u', name: 'u', teamIds: [] };

interface Thing {
  readonly kind: WatchedKindName;
  readonly id: string;
  readonly name: string;
  readonly labels?: Record<string, string>;
  readonly driver?: string;
}

/** What the engine has: things of team web, and things of team db that web does not see. */
const THINGS: readonly Thing[] = [
  { kind: 'network', id: 'n-web', name: 'web', labels: { team: 'web' }, driver: 'bridge' },
  { kind: 'network', id: 'n-lan', name: 'lan', labels: { team: 'web' }, driver: 'macvlan' },
  { kind: 'container', id: 'c-web', name: 'www', labels: { team: 'web' } },
  { kind: 'container', id: 'c-db', name: 'postgres', labels: { team: 'db' } },
  { kind: 'volume', id: 'data', name: 'data', labels: { team: 'web' } },
  { kind: 'volume', id: 'secret', name: 'secret', labels: { team: 'db' } },
  { kind: 'image', id: 'sha256:1111', name: 'web/app:v1', labels: { team: 'web' } },
  { kind: 'image', id: 'sha256:2222', name: 'db/app:v1', labels: { team: 'db' } },
  { kind: 'image', id: 'sha256:3333', name: 'deadbeef:latest', labels: { team: 'db' } },
];

type Given = [role: BuiltInRoleName, rest?: Partial<Pick<RoleBinding, 'scope' | 'level'>>];

const factsOf = ({ kind, id, name, labels = {}, driver = '' }: Thing) => ({
  kind,
  id,
  name,
  labels,
  ...(kind === 'image' ? { repositories: [repositoryOf(name)] } : {}),
  document: () => Promise.resolve({ Id: id, Driver: driver }),
});

describe('what makes or changes networks, volumes and images', () => {
  let policy: ObjectPolicy;
  let looked: string[];
  beforeEach(() => {
    looked = [];
    const find = (kind: WatchedKindName, reference: string) => {
      looked.push(`${kind} ${reference}`);
      const named = kind === 'image' ? familiarName(reference) : reference;
      const found = THINGS.find(
        (thing) => thing.kind === kind && (thing.id.startsWith(reference) || thing.name === named),
      );
      return Promise.resolve(found && factsOf(found));
    };
    const authoriser = {
      existing: (
        _a: Actor,
        _e: string,
        _k: string,
        _id: string,
        labels: object,
        repositories?: string[],
      ) => ({
        labels,
        ownedByActor: () => Promise.resolve(false),
        ...(repositories ? { repositories } : {}),
      }),
      created: (labels: object, repositories?: string[]) => ({
        labels,
        ownedByActor: () => Promise.resolve(true),
        ...(repositories ? { repositories } : {}),
      }),
    };
    const finder = {
      find: (_: unknown, kind: WatchedKindName, reference: string) => find(kind, reference),
      container: (_: unknown, reference: string) => find('container', reference),
    };
    const facts = {
      volumeNamed: (_: unknown, name: string) => find('volume', name),
      lookups: () =>
        Promise.resolve({
          container: () => Promise.resolve(undefined),
          volume: () => Promise.resolve(undefined),
          network: () => Promise.resolve(undefined),
          allowedRuntimes: [],
          defaultCgroupNamespace: 'private',
        }),
    };
    policy = new ObjectPolicy(
      authoriser as unknown as Authoriser,
      facts as unknown as EngineFacts,
      new ImagePolicy(
        authoriser as unknown as Authoriser,
        finder as unknown as ObjectFinder,
        facts as unknown as EngineFacts,
      ),
      new SwarmPolicy(authoriser as unknown as Authoriser),
      {
        requireFree: () => Promise.resolve(),
        requireUnused: () => Promise.resolve(),
      } as unknown as ServiceVolumes,
      new AttachmentPolicy(authoriser as unknown as Authoriser, finder as unknown as ObjectFinder),
    );
  });

  const judge = (bindings: readonly Given[], id: OperationId, request: EngineRequest, target?: string) => {
    const grants = bindings.map(([role, rest]) =>
      toGrant(
        { role, scope: { engines: ['*'] }, level: 'baseline', ...rest } as RoleBinding,
        BUILT_IN_ROLES[role],
      ),
    );
    const thing = THINGS.find((each) => each.id === target);
    const object = thing && factsOf(thing);
    return policy.judge({
      actor: ACTOR,
      engine: 'local',
      operation: operation(id),
      connection: {},
      rights: new Rights(ACTOR, 'local', grants),
      target: object && { kind: object.kind, id: object.id, name: object.name, object },
      request,
    } as unknown as Admission);
  };
  const refusal = async (judged: Promise<unknown>) => {
    const error = await judged.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DomainError)) return error;
    const rules = error.errors.map(
      ({ field, message }) => `${field}: ${/\((\w+)\)$/.exec(message)?.[1] ?? message.split(':', 1).join()}`,
    );
    return rules.length > 0 ? `${error.kind} ${rules.join()}` : error.kind;
  };

  const DEVELOPER: readonly Given[] = [['developer']];
  const PRIVILEGED: readonly Given[] = [['developer', { level: 'privileged' }]];
  const ONLY_WEB: Given = ['developer', { scope: { engines: ['*'], labelSelector: 'team=web' } }];
  const WEB: readonly Given[] = [ONLY_WEB];

  describe('every tag of a repository', () => {
    it.each<[OperationId, EngineRequest]>([
      ['ImageCreate', { query: { fromImage: 'web/app' } }],
      ['ImagePush', { params: { name: 'localhost:5000/web/app' } }],
    ])('is moved only by who may move all images: %s', async (id, request) => {
      const scoped: Given = ['developer', { scope: { engines: ['*'], imageRepositories: ['*'] } }];
      expect(await refusal(judge([scoped], id, request))).toBe('forbidden');
      expect(await refusal(judge(DEVELOPER, id, request))).toBeUndefined();
    });

    it.each<[OperationId, EngineRequest]>([
      ['ImageCreate', { query: { fromImage: 'other/app', tag: 'v1' } }],
      ['ImageCreate', { query: { fromImage: 'other/app:v1' } }],
      ['ImagePush', { params: { name: 'web/app:v1' } }],
      ['ImagePush', { params: { name: `web/app@sha256:${'a'.repeat(64)}` } }],
    ])('is not meant by %s of %j', async (id, request) => {
      const scoped: Given = ['developer', { scope: { engines: ['*'], imageRepositories: ['*'] } }];
      expect(await refusal(judge([scoped], id, request))).toBeUndefined();
    });
  });

  it('is not imported from an address below privileged', async () => {
    const request = { query: { fromSrc: 'http://169.254.169.254/', repo: 'new/app' } };
    expect(await refusal(judge(DEVELOPER, 'ImageCreate', request))).toBe(
      'policy_violation fromSrc: importRemote',
    );
    expect(await refusal(judge(PRIVILEGED, 'ImageCreate', request))).toBeUndefined();
  });

  it('is not the containers by which we reach volumes, when a prune asks', async () => {
    const given = { query: { filters: '{"label!":{"a":true},"until":{"1h":true}}' } };
    const { request } = await judge(DEVELOPER, 'ContainerPrune', given);
    expect(request.query?.['filters']).toEqual({
      'label!': { a: true, 'io.dockmaster.role=volume-helper': true },
      until: { '1h': true },
    });
  });

  it('is no BuildKit session without builder:control', async () => {
    expect(await refusal(judge(DEVELOPER, 'Session', {}))).toBe('forbidden');
    expect(await refusal(judge([['admin']], 'Session', {}))).toBeUndefined();
  });

  describe('a network', () => {
    it.each<[what: string, bindings: readonly Given[], body: object, expected: string | undefined]>([
      ['of its own', DEVELOPER, { Name: 'a', Driver: 'bridge' }, undefined],
      ['macvlan', DEVELOPER, { Name: 'a', Driver: 'macvlan' }, 'policy_violation Driver: networkDriver'],
      ['macvlan, privileged', PRIVILEGED, { Name: 'a', Driver: 'macvlan' }, undefined],
      [
        'whose level is that of the binding for its labels',
        [
          ['developer'],
          ['developer', { level: 'privileged', scope: { engines: ['*'], labelSelector: 'a=b' } }],
        ],
        { Name: 'a', Driver: 'macvlan', Labels: { team: 'web' } },
        'policy_violation Driver: networkDriver',
      ],
    ])('%s', async (_, bindings, body, expected) => {
      expect(await refusal(judge(bindings, 'NetworkCreate', { body }))).toBe(expected);
    });

    it('with a field that nobody knows is refused at every level', async () => {
      const body = { Name: 'a', driver: 'macvlan' };
      expect(await refusal(judge(PRIVILEGED, 'NetworkCreate', { body }))).toMatch(
        /^(invalid_input|policy_violation)/,
      );
    });
  });

  it.each<[OperationId, EngineRequest]>([
    ['NetworkCreate', { body: { Name: 'a', Labels: { 'io.dockmaster.owner': 'admin' } } }],
    ['VolumeCreate', { body: { Name: 'a', Labels: { 'IO.DOCKMASTER.helper': '' } } }],
    ['ImageBuild', { query: { labels: { 'io.dockmaster.x': '' } } }],
    ['ImageBuild', { query: { labels: '{"io.dockmaster.x":""}' } }],
  ])('%s sets no label of Dockmaster’s own, at no level', async (id, request) => {
    expect(await refusal(judge(PRIVILEGED, id, request))).toMatch(
      /^invalid_input labels\.io\.dockmaster\..*: is reserved$/i,
    );
  });

  describe('a volume', () => {
    it('that is not there yet is made', async () => {
      expect(await judge(WEB, 'VolumeCreate', { body: { Name: 'new' } })).toMatchObject({
        newVolumes: ['new'],
      });
    });

    it('of one’s own is answered again, and is not made anew', async () => {
      expect(await judge(WEB, 'VolumeCreate', { body: { Name: 'data' } })).toMatchObject({ newVolumes: [] });
    });

    it('of somebody else is not handed out', async () => {
      expect(await refusal(judge(WEB, 'VolumeCreate', { body: { Name: 'secret' } }))).toBe('conflict');
    });

    it.each<[what: string, body: object]>([
      ['a bind mount', { Name: 'a', DriverOpts: { type: 'none', o: 'bind', device: '/etc' } }],
      ['a disk', { Name: 'a', DriverOpts: { type: 'ext4', device: '/dev/sda1' } }],
      ['of a plugin', { Name: 'a', Driver: 'sshfs' }],
    ])('that is %s takes the privileged level', async (_, body) => {
      expect(await refusal(judge(DEVELOPER, 'VolumeCreate', { body }))).toMatch(/^policy_violation/);
      expect(await judge(PRIVILEGED, 'VolumeCreate', { body })).toMatchObject({ newVolumes: ['a'] });
    });
  });

  describe.each(['NetworkConnect', 'NetworkDisconnect'] as const)('%s', (id) => {
    const attach = (bindings: readonly Given[], container: string, network = 'n-web') =>
      judge(bindings, id, { params: { id: network }, body: { Container: container } }, network);

    it('takes one’s own container, by its full id from then on', async () => {
      expect(await attach(WEB, 'www')).toMatchObject({ request: { body: { Container: 'c-web' } } });
    });

    it('does not take somebody else’s, nor tell of it to who may not see it', async () => {
      expect(await refusal(attach(WEB, 'postgres'))).toBe('not_found');
      expect(await refusal(attach([ONLY_WEB, ['viewer']], 'postgres'))).toBe('forbidden');
      expect(await refusal(attach(WEB, 'nobody'))).toBe('not_found');
    });

    it('does not look for the container that is named by nothing', async () => {
      expect(await refusal(attach(WEB, ''))).toBe('not_found');
      expect(looked).toEqual([]);
    });
  });

  describe('to connect', () => {
    const connect = (bindings: readonly Given[], network: string, EndpointConfig: object = {}) =>
      judge(bindings, 'NetworkConnect', { body: { Container: 'www', EndpointConfig } }, network);

    it.each<[what: string, network: string, endpoint: object, expected: string]>([
      ['to a network of the host', 'n-lan', {}, 'Container: networkDriver'],
      ['with links', 'n-web', { Links: ['postgres:db'] }, 'EndpointConfig.Links: containerReferences'],
      [
        'with options',
        'n-web',
        { DriverOpts: { parent: 'eth0' } },
        'EndpointConfig.DriverOpts: networkDriverOptions',
      ],
    ])('%s takes the privileged level', async (_, network, endpoint, expected) => {
      expect(await refusal(connect(WEB, network, endpoint))).toBe(`policy_violation ${expected}`);
      expect(await refusal(connect(PRIVILEGED, network, endpoint))).toBeUndefined();
    });

    it('with addresses and aliases takes no more than the right', async () => {
      const endpoint = { Aliases: ['db'], IPAMConfig: { IPv4Address: '10.5.0.2' }, GwPriority: 1 };
      expect(await refusal(connect(WEB, 'n-web', endpoint))).toBeUndefined();
    });
  });

  describe('a tag', () => {
    const tag = (bindings: readonly Given[], repo: string, tag_?: string) =>
      judge(bindings, 'ImageTag', { query: { repo, tag: tag_ } }, 'sha256:1111');

    it('is given where there is none of the name, and again to the image that has it', async () => {
      expect(await refusal(tag(WEB, 'web/app', 'v2'))).toBeUndefined();
      expect(await refusal(tag(WEB, 'web/app', 'v1'))).toBeUndefined();
    });

    it('is not moved away from an image that one may not tag, hidden or not', async () => {
      expect(await refusal(tag(WEB, 'db/app', 'v1'))).toBe('forbidden');
      expect(await refusal(tag([ONLY_WEB, ['viewer']], 'docker.io/db/app', 'v1'))).not.toBeUndefined();
      expect(await refusal(tag(DEVELOPER, 'db/app', 'v1'))).toBeUndefined();
    });

    it('is not moved either where its name looks like an id', async () => {
      expect(await refusal(tag(WEB, 'deadbeef'))).toBe('forbidden');
      expect(await refusal(tag(WEB, 'deadbeef', 'latest'))).toBe('forbidden');
    });

    it('stays within the repositories of a scope', async () => {
      const scoped: readonly Given[] = [
        ['developer', { scope: { engines: ['*'], imageRepositories: ['web/*'] } }],
      ];
      expect(await refusal(tag(scoped, 'web/other', 'v1'))).toBeUndefined();
      expect(await refusal(tag(scoped, 'other/app', 'v1'))).toBe('forbidden');
      expect(await refusal(tag(scoped, 'deadbeef'))).toBe('forbidden');
    });
  });

  it('a pull moves a name only of an image that one may pull or tag', async () => {
    const pull = (bindings: readonly Given[], fromImage: string) =>
      judge(bindings, 'ImageCreate', { query: { fromImage, tag: 'v1' } });
    expect(await refusal(pull(WEB, 'db/app'))).toBe('forbidden');
    expect(await refusal(pull(DEVELOPER, 'db/app'))).toBeUndefined();
  });

  describe('a build', () => {
    const build = (bindings: readonly Given[], query: Record<string, string>) =>
      judge(bindings, 'ImageBuild', { query });

    it('needs to see all images, which it can build on', async () => {
      expect(await refusal(build(WEB, {}))).toBe('forbidden');
      expect(await refusal(build(DEVELOPER, {}))).toBeUndefined();
    });

    it('by BuildKit takes a right of its own', async () => {
      expect(await refusal(build(DEVELOPER, { version: '2' }))).toBe('forbidden');
      expect(await refusal(build([['admin']], { version: '2' }))).toBeUndefined();
    });

    it('is held against its rules', async () => {
      expect(await refusal(build(DEVELOPER, { networkmode: 'host' }))).toBe(
        'policy_violation networkmode: buildNetwork',
      );
      expect(await refusal(build(PRIVILEGED, { networkmode: 'host' }))).toBeUndefined();
    });

    it.each<[SecurityLevel | undefined, string | undefined]>([
      ['restricted', 'policy_violation dockerfile: buildUser'],
      ['baseline', undefined],
      [undefined, undefined],
      ['privileged', undefined],
    ])('whose steps are root is not at level restricted: at %s', async (level, expected) => {
      expect(await refusal(build([['developer', level ? { level } : {}]], {}))).toBe(expected);
      const admin: readonly Given[] = [['admin', level ? { level } : {}]];
      expect(await refusal(judge(admin, 'Session', {}))).toBe(expected);
      expect(await refusal(judge(admin, 'BuildKitGrpc', {}))).toBe(expected);
    });

    it.each<[ulimits: string, expected: string | undefined]>([
      ['[{"Name":"rtprio","Soft":99,"Hard":99}]', 'policy_violation ulimits: realtime'],
      ['[{"Name":"nofile"},{"Name":"nice","Soft":40,"Hard":40}]', 'policy_violation ulimits: realtime'],
      ['[{"Name":"rttime"}]', 'policy_violation ulimits: realtime'],
      ['[{"Name":"nofile","Soft":1024,"Hard":2048},{"Name":"core"}]', undefined],
      ['[]', undefined],
      ['null', undefined],
      ['', undefined],
    ])('has of ulimits what a container may have: %s', async (ulimits, expected) => {
      expect(await refusal(build(DEVELOPER, { ulimits }))).toBe(expected);
      expect(await refusal(build(PRIVILEGED, { ulimits }))).toBeUndefined();
    });

    it.each([
      '[{"name":"rtprio"}]',
      '[{"Name":"core","NAME":"rtprio"}]',
      '[null]',
      '{}',
      '[{"Name":1}]',
      '[',
    ])('is refused at every level with ulimits that an engine might read otherwise: %s', async (ulimits) => {
      expect(await refusal(build(PRIVILEGED, { ulimits }))).toMatch(/^invalid_input ulimits/);
    });

    it('is sent with what was read of it, and with all else', async () => {
      const query = { ulimits: '[{"Name":"rtprio","Name":"core","Soft":1}]', t: 'web/app:v1', memory: '1' };
      expect(await build(DEVELOPER, query)).toEqual({
        request: { query: { ...query, ulimits: '[{"Name":"core","Soft":1}]' } },
      });
      expect(await build(DEVELOPER, { t: 'web/app:v1' })).toEqual({
        request: { query: { t: 'web/app:v1' } },
      });
    });

    it('takes no name from an image that one may not tag', async () => {
      const mayBuild: readonly Given[] = [ONLY_WEB, ['viewer']];
      const labels = '{"team":"web"}';
      expect(await refusal(build(mayBuild, { labels, t: 'db/app:v1' }))).toBe('forbidden');
      expect(await refusal(build(mayBuild, { labels, t: 'web/app:v1' }))).toBeUndefined();
    });
  });
});
