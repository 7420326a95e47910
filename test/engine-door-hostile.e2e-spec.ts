import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ALL_OPERATIONS } from '../src/engine/operations/index.js';
import type { TestActor } from './support/app.js';
import { overTheWire, wire, type WireAnswer, type WireRequest } from './support/door-wire.js';
import { holderOf } from './support/doorways.js';
import { HostileGround } from './support/hostile-ground.js';

const ROOT = '/docker/local';
const JSON_TYPE = 'Content-Type: application/json';
const UPGRADE = ['Connection: Upgrade', 'Upgrade: tcp'];
const WEBSOCKET = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

/** Every path that an engine may be asked for, as it is written once. */
const CANONICAL = ALL_OPERATIONS.map(({ method, path }) => {
  const pattern = path.replaceAll(/\{\w+\}/g, '(?!\\.)[A-Za-z0-9_.:@-]+(?:/(?!\\.)[A-Za-z0-9_.:@-]+)*');
  return new RegExp(`^${method} /v1\\.41${pattern}(?:\\?[^?#;]*)?$`);
});

type Case = readonly [what: string, request: Omit<WireRequest, 'target'> & { readonly to: string }];

describe('at the Engine door', () => {
  let ground: HostileGround;
  let victim: string;
  let image: string;
  let execId: string;
  /** May do everything, so that nothing but how a request is written can keep it from the engine. */
  let admin: TestActor;
  let viewer: TestActor;
  let developer: TestActor;
  /** A developer of objects with another label. */
  let other: TestActor;
  /** May see nothing that there is on an engine. */
  let nobody: TestActor;
  let heard: number;

  beforeAll(async () => {
    ground = await HostileGround.start();
    ({ admin } = ground);
    viewer = await ground.app.user('door-viewer', [{ role: 'viewer' }]);
    developer = await ground.app.user('door-developer', [{ role: 'developer' }]);
    other = await ground.app.user('door-other', [
      { role: 'developer', scope: { engines: ['*'], labelSelector: 'team=other' } },
    ]);
    nobody = await holderOf(ground.app, admin, 'door-nobody', ['system:ping', 'system:version']);
    ({ id: victim } = await ground.containers.run({ name: ground.containers.name('door-victim') }));
    image = 'busybox';
    const exec = await ground.app
      .rest(admin)
      .post(`/api/v1/engines/local/containers/${victim}/execs`)
      .send({ command: ['id'] })
      .expect(201);
    ({ id: execId } = exec.body as { id: string });
  });
  afterAll(() => ground.stop());
  beforeEach(() => {
    heard = ground.recording.requests.length;
  });
  // Whatever was sent, the engine has heard nothing but what it may be asked for, written in the one way.
  afterEach(() => {
    for (const request of ground.recording.requests.slice(heard))
      expect(CANONICAL.filter((pattern) => pattern.test(request)).length > 0 || request).toBe(true);
  });

  const placed = (text: string) =>
    text.replaceAll('{id}', victim).replaceAll('{exec}', execId).replaceAll('{image}', image);
  const send = (actor: TestActor | undefined, { to, ...request }: Case[1]) =>
    overTheWire(ground.app.url, wire(actor, { ...request, target: placed(to) }));
  const stillRuns = async () => expect((await ground.containers.inspect(victim)).State.Running).toBe(true);
  const nothingDone = async () => {
    expect(ground.changesSince(heard)).toEqual([]);
    await stillRuns();
  };
  const error = (answer: WireAnswer, status: number) => {
    expect(answer.statuses).toEqual([status]);
    expect(answer.message).toEqual(expect.any(String));
  };

  /** Refused for what it is, and the engine hears of no change. */
  const refuses = (status: number, cases: readonly Case[]) =>
    it.each(cases)('%s', async (_, request) => {
      error(await send(admin, request), status);
      await nothingDone();
    });

  /** Refused for who asks: one audit record says so. */
  const forbids = (who: () => TestActor, status: number, cases: readonly (readonly [...Case, string])[]) =>
    it.each(cases)('%s', async (_, request, operation) => {
      const actor = who();
      const before = await ground.refusals(actor);
      error(await send(actor, request), status);
      await nothingDone();
      const { count, last } = await ground.refusals(actor);
      expect(last).toMatchObject({ outcome: 'refused', operation, actorId: actor.id, door: 'engine' });
      expect(count).toBe(before.count + 1);
    });

  describe('another way to write a path is refused', () => {
    const kill = (path: string): Case => [path, { method: 'POST', to: `${ROOT}${path}` }];
    const list = (path: string): Case => [path, { to: `${ROOT}${path}` }];

    describe('that is no operation', () => {
      refuses(404, [
        kill('/v1.41.0/containers/{id}/kill'),
        kill('/v01.41/containers/{id}/kill'),
        kill('/v1.041/containers/{id}/kill'),
        kill('/V1.41/containers/{id}/kill'),
        kill('/v1/containers/{id}/kill'),
        kill('/v2.41/containers/{id}/kill'),
        kill('/v1.41a/containers/{id}/kill'),
        kill('/v1.41.41/containers/{id}/kill'),
        kill('/v1.41,1/containers/{id}/kill'),
        kill('/v1.41000/containers/{id}/kill'),
        kill('/v1.41/v1.41/containers/{id}/kill'),
        kill('/version/containers/{id}/kill'),
        kill('/v1.41/Containers/{id}/kill'),
        kill('/v1.41/containers/{id}/KILL'),
        kill('/v1.41/containers/{id}/kill/x'),
        kill('/v1.41/containers/{id}/x/kill'),
        kill('/v1.41/containers/a/b/kill'),
        kill('/v1.41/containers/{id};a=b/kill/..'.replace('/..', ';')),
        kill('/v1.41/containers/{id}/kill;x=y'),
        kill('/v1.41/containers'),
        kill('/v1.41'),
        list('/v1.41/networks/a/b'),
        list('/v1.41/volumes/a/b'),
        list('/v1.41/debug/pprof/heap'),
        list('/metrics'),
        list('/v1.41/plugins/a/b'),
      ]);
    });

    describe('that is not canonical', () => {
      refuses(400, [
        kill('/v1.41//containers/{id}/kill'),
        kill('//v1.41/containers/{id}/kill'),
        kill('/v1.41/containers//{id}/kill'),
        kill('/v1.41/containers/{id}//kill'),
        kill('/v1.41/containers/{id}/kill/'),
        kill('/v1.41/./containers/{id}/kill'),
        kill('/v1.41/x/../containers/{id}/kill'),
        kill('/v1.41/containers/../containers/{id}/kill'),
        kill('/v1.41/images/../containers/{id}/kill'),
        kill('/v1.41/%63ontainers/{id}/kill'),
        kill('/v1.41/containers/{id}/%6Bill'),
        kill('/v1.41/containers%2f{id}%2fkill'),
        kill('/v1.41/containers%2F{id}/kill'),
        kill('/v1.41/containers/{id}%2fkill'),
        kill('/v1.41/containers/%2e%2e/containers/{id}/kill'),
        kill('/v1.41/containers/..%2fcontainers/{id}/kill'),
        kill('/v1.41/containers/.%2e/containers/{id}/kill'),
        kill('/v1.41/containers\\{id}\\kill'),
        kill('/v1.41/containers%5c{id}%5ckill'),
        kill('/v1.41/containers/{id}/kill%00'),
        kill('/v1.41/containers/{id}/kill%0d%0aX:y'),
        kill('/%76%31.41/containers/{id}/kill'),
        kill('/v1%2e41/containers/{id}/kill'),
        kill('/v1.41/containers/%ff/kill'),
        kill('/v1.41/containers/%c0%ae%c0%ae/kill'),
        kill('/v1.41/containers/%e0%80%af/kill'),
        kill('/v1.41/containers/%/kill'),
        kill('/v1.41/containers/%4/kill'),
        kill('/v1.41/containers/%u002e/kill'),
        kill('/v1.41/containers/{id}/kill#x'),
        kill('/v1.41/containers/"{id}"/kill'),
        kill('/v1.41/containers/<{id}>/kill'),
        kill('/'),
        kill(''),
        list('/v1.41/images/a//b/json'),
        list('/v1.41/images/../json'),
        list('/v1.41/images/%2e%2e/json'),
        list('/v1.41/images/a%2fb/json'),
        list('/v1.41/volumes/v1.0/../x'),
        list('/v1.41/exec/{exec}%2f..%2f/json'),
      ]);
    });

    it('is a name that only looks like a version, where names stand', async () => {
      const { statuses, message } = await send(admin, { to: `${ROOT}/v1.41/volumes/v1.0` });
      expect([statuses, message]).toEqual([[404], 'No such volume: v1.0']);
    });

    describe('where the door itself is', () => {
      const at = (target: string): Case => [target, { to: target }];
      it.each([
        at('//docker/local/_ping'),
        at('/docker//local/_ping'),
        at('/%64ocker/local/_ping'),
        at('/docker%2flocal/_ping'),
        at('/docker/%6cocal/_ping'),
        at('/docker/local%2f_ping'),
        at('/docker/LOCAL/_ping'),
        at('/Docker/local/_ping'),
        at('/docker/./local/_ping'),
        at('/docker/x/../local/_ping'),
        at('/api/../docker/local/_ping'),
        at('http://127.0.0.1/docker/local/_ping'),
        at('/docker'),
        at('/docker/'),
        at('/docker/other/_ping'),
        at('/docker/local..//_ping'),
        at('/docker?/local/_ping'),
      ])('%s', async (_, request) => {
        const { statuses, text } = await send(admin, request);
        expect(statuses).toEqual([expect.any(Number)]);
        expect([400, 404]).toContain(statuses[0]);
        expect(text).not.toContain('Api-Version');
        expect(ground.recording.requests.length).toBe(heard);
      });
    });

    describe('by a method that it does not have', () => {
      refuses(404, [
        ['PUT', { method: 'PUT', to: `${ROOT}/v1.41/containers/{id}/kill` }],
        ['PATCH', { method: 'PATCH', to: `${ROOT}/v1.41/containers/{id}/kill` }],
        ['OPTIONS', { method: 'OPTIONS', to: `${ROOT}/v1.41/containers/{id}/kill` }],
        ['TRACE', { method: 'TRACE', to: `${ROOT}/v1.41/containers/{id}/kill` }],
        ['GET for POST', { to: `${ROOT}/v1.41/containers/{id}/kill` }],
        ['POST for GET', { method: 'POST', to: `${ROOT}/v1.41/containers/json` }],
        [
          'a method in a header',
          { to: `${ROOT}/v1.41/containers/{id}/kill`, headers: ['X-HTTP-Method-Override: POST'] },
        ],
      ]);
    });
  });

  describe('a version of old does not bring back what it let a caller do', () => {
    const hostConfig = JSON.stringify({ Privileged: true, Binds: ['/:/host'] });
    const body = { headers: [JSON_TYPE], method: 'POST' };
    refuses(400, [
      ['1.0', { to: `${ROOT}/v1.0/containers/json` }],
      ['1.12', { to: `${ROOT}/v1.12/containers/json` }],
      ['1.23', { to: `${ROOT}/v1.23/containers/json` }],
      ['one that is too new', { to: `${ROOT}/v1.42/containers/json` }],
      ['one that there is not', { to: `${ROOT}/v1.9999/containers/json` }],
      [
        'a start with a host configuration',
        { ...body, to: `${ROOT}/v1.24/containers/{id}/start`, body: hostConfig },
      ],
      ['the same without a version', { ...body, to: `${ROOT}/containers/{id}/start`, body: hostConfig }],
      [
        'host fields at the top of a create',
        {
          ...body,
          to: `${ROOT}/v1.24/containers/create`,
          body: JSON.stringify({ Image: 'busybox', Privileged: true, Binds: ['/:/host'] }),
        },
      ],
      [
        'memory at the top of a create',
        {
          ...body,
          to: `${ROOT}/v1.24/containers/create`,
          body: JSON.stringify({ Image: 'busybox', Memory: 1, CpuShares: 2, VolumesFrom: ['x'] }),
        },
      ],
      [
        'a checkpoint from a path of the host',
        { method: 'POST', to: `${ROOT}/v1.41/containers/{id}/start?checkpoint=a&checkpoint-dir=/tmp` },
      ],
    ]);

    it('and one that is served is spoken in the pinned version upstream', async () => {
      const { statuses } = await send(admin, { to: `${ROOT}/v1.24/containers/json?limit=1` });
      expect(statuses).toEqual([200]);
      expect(ground.recording.requests.slice(heard)).toEqual(['GET /v1.41/containers/json?limit=1']);
    });
  });

  describe('what comes behind a refused upgrade is not taken for a request', () => {
    const second = () =>
      wire(admin, { method: 'POST', target: placed(`${ROOT}/v1.41/containers/{id}/kill`) }).toString();
    const first = (request: Case[1], who: () => TestActor | undefined = () => admin) =>
      [request, who] as const;

    it.each([
      ['of what is not upgraded', ...first({ to: `${ROOT}/_ping`, headers: UPGRADE })],
      ['of a list', ...first({ to: `${ROOT}/v1.41/containers/json`, headers: UPGRADE })],
      [
        'of a start',
        ...first({ method: 'POST', to: `${ROOT}/v1.41/containers/{id}/start`, headers: UPGRADE }),
      ],
      [
        'to what is not there',
        ...first({ method: 'POST', to: `${ROOT}/v1.41/containers/none/attach?stream=1`, headers: UPGRADE }),
      ],
      [
        'without a token',
        ...first(
          { method: 'POST', to: `${ROOT}/v1.41/containers/{id}/attach`, headers: UPGRADE },
          () => undefined,
        ),
      ],
      [
        'by a viewer',
        ...first(
          { method: 'POST', to: `${ROOT}/v1.41/containers/{id}/attach`, headers: UPGRADE },
          () => viewer,
        ),
      ],
      [
        'to another protocol',
        ...first({
          method: 'POST',
          to: `${ROOT}/v1.41/containers/{id}/attach`,
          headers: ['Connection: Upgrade', 'Upgrade: h2c'],
        }),
      ],
      [
        'to several protocols',
        ...first({
          method: 'POST',
          to: `${ROOT}/v1.41/containers/{id}/attach`,
          headers: ['Connection: Upgrade', 'Upgrade: tcp, websocket'],
        }),
      ],
      [
        'with a body in chunks',
        ...first({
          method: 'POST',
          to: `${ROOT}/v1.41/exec/{exec}/start`,
          headers: [...UPGRADE, JSON_TYPE, 'Transfer-Encoding: chunked'],
          body: '0\r\n\r\n',
        }),
      ],
      [
        'with a body that is no JSON',
        ...first({
          method: 'POST',
          to: `${ROOT}/v1.41/exec/{exec}/start`,
          headers: [...UPGRADE, JSON_TYPE],
          body: 'Detach',
        }),
      ],
      [
        'with a body that is too large',
        ...first({
          method: 'POST',
          to: `${ROOT}/v1.41/exec/{exec}/start`,
          headers: [...UPGRADE, JSON_TYPE, 'Content-Length: 99999999'],
          body: '{}',
        }),
      ],
      [
        'on a path that is not canonical',
        ...first({ method: 'POST', to: `${ROOT}/v1.41/containers/{id}//attach`, headers: UPGRADE }),
      ],
      [
        'of a BuildKit session by a developer',
        ...first(
          { method: 'POST', to: `${ROOT}/v1.41/session`, headers: ['Connection: Upgrade', 'Upgrade: h2c'] },
          () => developer,
        ),
      ],
      [
        'to a WebSocket by a page of another origin',
        ...first({
          to: `${ROOT}/v1.41/containers/{id}/attach/ws`,
          headers: [...WEBSOCKET, 'Origin: https://evil.example'],
        }),
      ],
      [
        'to a WebSocket without a key',
        ...first({
          to: `${ROOT}/v1.41/containers/{id}/attach/ws?stream=1`,
          headers: ['Connection: Upgrade', 'Upgrade: websocket'],
        }),
      ],
    ])('%s', async (_, { to, ...request }, who) => {
      const bytes = Buffer.concat([wire(who(), { ...request, target: placed(to) }), Buffer.from(second())]);
      const answer = await overTheWire(ground.app.url, bytes);
      expect(answer.statuses).toHaveLength(1);
      expect(answer.statuses[0]).toBeGreaterThanOrEqual(400);
      expect(ground.recording.requests.slice(heard).filter((line) => line.includes('/kill'))).toEqual([]);
      await stillRuns();
    });

    it('while two requests one after the other are two', async () => {
      const ping = { target: `${ROOT}/_ping`, headers: ['Connection: keep-alive'] };
      const bytes = Buffer.concat([wire(admin, ping), wire(undefined, { target: `${ROOT}/_ping` })]);
      expect((await overTheWire(ground.app.url, bytes)).statuses).toEqual([200, 401]);
    });
  });

  describe('a request of which readers could disagree where it ends', () => {
    const kill = (headers: readonly string[], body?: string): Case[1] => ({
      method: 'POST',
      to: `${ROOT}/v1.41/containers/{id}/kill`,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    it.each<Case>([
      [
        'has a length of 0 and chunks',
        kill(['Content-Length: 0', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
      ],
      ['has a length and chunks', kill(['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n')],
      ['has two lengths', kill(['Content-Length: 0', 'Content-Length: 5'], 'hello')],
      ['has a list of lengths', kill(['Content-Length: 0, 0'])],
      ['has a length with a sign', kill(['Content-Length: +0'])],
      ['has a length in hexadecimal', kill(['Content-Length: 0x0'])],
      ['has another transfer encoding', kill(['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n')],
      ['has the encoding identity', kill(['Transfer-Encoding: identity'])],
      [
        'has an encoding that hides',
        kill(['Transfer-Encoding: \tchunked', 'Transfer-Encoding: x'], '0\r\n\r\n'),
      ],
      ['has a folded line', kill(['X-A: b\r\n c: d'])],
      ['has a space before a colon', kill(['Content-Length : 0'])],
      ['has a header without a name', kill([': x'])],
      ['has NUL in a header', kill(['X-A: b\0c'])],
      ['has a carriage return alone', kill(['X-A: b\rX-C: d'])],
      ['has two tokens', kill(['Authorization: Bearer a', 'Authorization: Bearer b'])],
      ['has two types', kill(['Content-Type: text/plain', JSON_TYPE])],
      ['has two hosts', kill(['Host: 127.0.0.1', 'Host: localhost'])],
      ['expects what there is not', kill(['Expect: 200-ok'])],
      ['has a body where there is none', kill([JSON_TYPE], JSON.stringify({ signal: 'KILL' }))],
      ['is a read with a body', { to: `${ROOT}/v1.41/containers/json`, body: 'x' }],
      [
        'is a read with chunks',
        { to: `${ROOT}/_ping`, headers: ['Transfer-Encoding: chunked'], body: '0\r\n\r\n' },
      ],
      [
        'is a removal with a body',
        {
          method: 'DELETE',
          to: `${ROOT}/v1.41/containers/{id}`,
          headers: [JSON_TYPE],
          body: '{"force":true}',
        },
      ],
      [
        'is compressed',
        { ...kill([JSON_TYPE, 'Content-Encoding: gzip'], 'x'), to: `${ROOT}/v1.41/containers/create` },
      ],
      [
        'is larger than is read',
        { ...kill([JSON_TYPE], ' '.repeat(1_100_000)), to: `${ROOT}/v1.41/containers/create` },
      ],
      [
        'is larger than is read, in chunks',
        {
          ...kill(
            [JSON_TYPE, 'Transfer-Encoding: chunked'],
            `120000\r\n${' '.repeat(0x120000)}\r\n0\r\n\r\n`,
          ),
          to: `${ROOT}/v1.41/containers/create`,
        },
      ],
    ])('%s', async (_, request) => {
      const { statuses } = await send(admin, request);
      expect(statuses).toHaveLength(1);
      expect([400, 401, 413, 415, 417, 431]).toContain(statuses[0]);
      await nothingDone();
    });

    it.each([
      ['another version of HTTP', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      ['a method of small letters', `post ${ROOT}/_ping HTTP/1.1\r\nHost: a\r\n\r\n`],
      ['lines without a carriage return', `GET ${ROOT}/_ping HTTP/1.1\nHost: a\n\n`],
      ['a space in the target', `GET ${ROOT}/_ping x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`],
      ['no host', `GET ${ROOT}/_ping HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ])('is no HTTP/1.1: %s', async (_, bytes) => {
      const { statuses } = await overTheWire(ground.app.url, Buffer.from(bytes));
      expect(statuses).toHaveLength(1);
      expect([400, 401, 505]).toContain(statuses[0]);
      await nothingDone();
    });

    it('is not asked for its body before it is allowed', async () => {
      const upload = {
        method: 'PUT',
        target: placed(`${ROOT}/v1.41/containers/{id}/archive?path=/`),
        headers: ['Expect: 100-continue', 'Content-Length: 1048576', 'Content-Type: application/x-tar'],
      };
      for (const [actor, status] of [
        [undefined, 401],
        [viewer, 403],
      ] as const)
        expect((await overTheWire(ground.app.url, wire(actor, upload))).statuses).toEqual([status]);
      await nothingDone();
    });
  });

  describe('a body that engines read otherwise than we do', () => {
    const create = (what: string, body: string | Buffer, headers = [JSON_TYPE]): Case => [
      what,
      { method: 'POST', to: `${ROOT}/v1.41/containers/create`, headers, body },
    ];
    refuses(400, [
      create('a key in small letters', '{"Image":"busybox","hostconfig":{"Privileged":true}}'),
      create('a key in capitals', '{"Image":"busybox","HOSTCONFIG":{"Privileged":true}}'),
      create('a key with a long s', '{"Image":"busybox","HoſtConfig":{"Privileged":true}}'),
      create('a key with a Kelvin sign', '{"Image":"busybox","HostConfig":{"NetworKMode":"host"}}'),
      create('the same, escaped', '{"Image":"busybox","HostConfig":{"Networ\\u212aMode":"host"}}'),
      create('a key within in small letters', '{"Image":"busybox","HostConfig":{"privileged":true}}'),
      create('a key of a mount in small letters', '{"HostConfig":{"Mounts":[{"type":"bind","Source":"/"}]}}'),
      create('a key twice', '{"Image":"busybox","HostConfig":{},"HostConfig":{"Privileged":true}}'),
      create(
        'a key twice, once escaped',
        '{"Image":"busybox","HostConfig":{},"Host\\u0043onfig":{"Privileged":true}}',
      ),
      create('a key twice within', '{"HostConfig":{"Binds":[],"Binds":["/:/h"]}}'),
      create('a second document', '{"Image":"busybox"}{"HostConfig":{"Privileged":true}}'),
      create('a second document on a line of its own', '{"Image":"busybox"}\n{"HostConfig":{}}'),
      create('something behind it', '{"Image":"busybox"} x'),
      create('__proto__', '{"Image":"busybox","__proto__":{"HostConfig":{"Privileged":true}}}'),
      create('__proto__ within', '{"HostConfig":{"__proto__":{"Privileged":true}}}'),
      create('constructor', '{"Image":"busybox","constructor":{"prototype":{"Privileged":true}}}'),
      create('a text for true', '{"HostConfig":{"Privileged":"true"}}'),
      create('1 for true', '{"HostConfig":{"Privileged":1}}'),
      create('a text for a list', '{"HostConfig":{"Binds":"/:/h"}}'),
      create('an object for a list', '{"HostConfig":{"Binds":{"0":"/:/h"}}}'),
      create('null in a list', '{"HostConfig":{"Mounts":[null]}}'),
      create('a list for an object', '{"HostConfig":[]}'),
      create('a list at the top', '[{"Image":"busybox"}]'),
      create('a text at the top', '"busybox"'),
      create('a number too large', '{"HostConfig":{"Memory":9223372036854775807}}'),
      create('a number of no end', '{"HostConfig":{"Memory":1e400}}'),
      create('no number', '{"HostConfig":{"Memory":NaN}}'),
      create('a number with a fraction', '{"HostConfig":{"Memory":1.5}}'),
      create('too many levels', `{"Labels":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`),
      create('half a surrogate pair', '{"Labels":{"a":"\\ud800"}}'),
      create('a comment', '{"Image":"busybox"/* */}'),
      create('single quotes', "{'Image':'busybox'}"),
      create('a comma too many', '{"Image":"busybox",}'),
      create('a byte order mark', '\ufeff{"Image":"busybox"}'),
      create('UTF-16', Buffer.from('{"Image":"busybox"}', 'utf16le')),
      create('what is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
      create('a field that nobody knows', '{"Image":"busybox","HostConfig":{"Rootfs":"/"}}'),
      create('no type', '{"Image":"busybox"}', []),
      create('text for a type', '{"Image":"busybox"}', ['Content-Type: text/plain']),
      create('JSON of some kind for a type', '{"Image":"busybox"}', ['Content-Type: application/jsonx']),
    ]);
    describe('is a form', () => {
      refuses(415, [
        create('encoded', 'name=a&Image=busybox', ['Content-Type: application/x-www-form-urlencoded']),
        create('encoded, though it is JSON', '{"Image":"busybox"}', [
          'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
        ]),
        create('of parts', '--a\r\n\r\n--a--', ['Content-Type: multipart/form-data; boundary=a']),
        [
          'with what a query would hold',
          {
            method: 'POST',
            to: `${ROOT}/v1.41/containers/{id}/kill`,
            headers: ['Content-Type: application/x-www-form-urlencoded'],
            body: 'signal=TERM',
          },
        ],
      ]);
    });
  });

  describe('a query that engines read otherwise than we do', () => {
    const post = (path: string): Case => [path, { method: 'POST', to: `${ROOT}/v1.41${path}` }];
    const get = (path: string): Case => [path, { to: `${ROOT}/v1.41${path}` }];
    refuses(400, [
      get('/containers/json?all=1&all=0'),
      get('/containers/json?all=1&%61ll=0'),
      get('/containers/json?ALL=1'),
      get('/containers/json?all[]=1'),
      get('/containers/json?all=2'),
      get('/containers/json?other=1'),
      get('/containers/json?__proto__=1'),
      get('/containers/json?all=1;size=1'),
      get('/containers/json?limit=1e3'),
      get('/containers/json?limit=%ff'),
      get('/containers/json?limit=%'),
      get('/containers/json?filters=x'),
      get('/containers/json?filters=[]'),
      get('/containers/json?filters={"a":"b"}'.replaceAll('"', '%22')),
      get('/containers/json?filters={%22a%22:[%22b%22],%22a%22:[%22c%22]}'),
      get('/containers/json?filters={%22a%22:{%22b%22:false}}'),
      get('/containers/json?filters={}{}'),
      post('/containers/{id}/kill?signal=TERM&signal=KILL'),
      post('/containers/{id}/kill?signal=a%00b'),
      post('/containers/{id}/kill?Signal=TERM'),
      post('/containers/create?name=a&name=b'),
      post('/images/create?fromImage=a:1&tag=2'),
      post('/images/create?fromImage=a@sha256:00&tag=2'),
      post('/images/create?fromImage=http://registry.example/a'),
      post('/images/create?fromImage=..%2f..%2fa'),
      post('/commit?container={id}&repo=a:1&tag=2'),
      post('/images/busybox/tag?repo=a:1&tag=2'),
      post('/images/busybox:latest/push?tag=other'),
      post('/build?securityopt=[%22seccomp=unconfined%22]'),
      post('/build?buildargs={%22a%22:[1]}'),
      get('/events?since=yesterday'),
      get('/images/get?names=a&name=b'),
    ]);
  });

  describe('without a token', () => {
    it.each<Case>([
      ['a ping', { to: `${ROOT}/_ping` }],
      ['what there is not', { to: `${ROOT}/nothing` }],
      ['an engine that there is not', { to: '/docker/nothing/_ping' }],
      ['a token in the query', { to: `${ROOT}/_ping?access_token=x` }],
      ['a token of another scheme', { to: `${ROOT}/_ping`, headers: ['Authorization: Basic YTpi'] }],
      ['a token that is none', { to: `${ROOT}/_ping`, headers: ['Authorization: Bearer nothing'] }],
      ['a token in a cookie', { to: `${ROOT}/_ping`, headers: ['Cookie: access_token=x'] }],
      ['an upgrade', { method: 'POST', to: `${ROOT}/v1.41/containers/{id}/attach`, headers: UPGRADE }],
    ])('%s', async (_, request) => {
      error(await send(undefined, request), 401);
      expect(ground.recording.requests.length).toBe(heard);
    });
  });

  describe('a viewer sees, and', () => {
    const path = (method: string, to: string, operation: string): readonly [...Case, string] => [
      `${method} ${to}`,
      { method, to: `${ROOT}/v1.41${to}` },
      operation,
    ];
    const json = (to: string, body: object, operation: string): readonly [...Case, string] => [
      `POST ${to}`,
      { method: 'POST', to: `${ROOT}/v1.41${to}`, headers: [JSON_TYPE], body: JSON.stringify(body) },
      operation,
    ];
    describe('neither reads files, attaches, saves nor changes anything', () => {
      forbids(() => viewer, 403, [
        path('GET', '/containers/{id}/archive?path=/etc/passwd', 'ContainerArchive'),
        path('GET', '/containers/{id}/export', 'ContainerExport'),
        path('GET', '/containers/{id}/top?ps_args=eww', 'ContainerTop'),
        path('GET', '/containers/{id}/logs?stdout=1&details=1', 'ContainerLogs'),
        path('POST', '/containers/{id}/attach?stream=1&stdout=1', 'ContainerAttach'),
        path('POST', '/containers/{id}/kill', 'ContainerKill'),
        path('POST', '/containers/{id}/resize?h=1&w=1', 'ContainerResize'),
        path('POST', '/containers/{id}/wait', 'ContainerWait'),
        path('DELETE', '/containers/{id}?force=1', 'ContainerDelete'),
        path('POST', '/containers/prune', 'ContainerPrune'),
        path('POST', '/commit?container={id}', 'ImageCommit'),
        path('GET', '/images/{image}/get', 'ImageGet'),
        path('GET', '/images/get?names={image}', 'ImageGetAll'),
        path('GET', '/images/{image}/history', 'ImageHistory'),
        path('POST', '/images/create?fromImage=busybox&tag=x', 'ImageCreate'),
        path('POST', '/images/{image}/push', 'ImagePush'),
        path('DELETE', '/images/{image}', 'ImageDelete'),
        path('POST', '/build', 'ImageBuild'),
        path('GET', '/distribution/{image}/json', 'DistributionInspect'),
        path('GET', '/swarm/unlockkey', 'SwarmUnlockkey'),
        path('POST', '/swarm/leave?force=1', 'SwarmLeave'),
        json('/containers/create', { Image: 'busybox' }, 'ContainerCreate'),
        json('/containers/{id}/exec', { Cmd: ['id'] }, 'ContainerExec'),
        json('/exec/{exec}/start', { Detach: true }, 'ExecStart'),
        json('/containers/{id}/update', { CpuShares: 2 }, 'ContainerUpdate'),
        json('/networks/create', { Name: 'x' }, 'NetworkCreate'),
        json('/volumes/create', { Name: 'x' }, 'VolumeCreate'),
        json('/secrets/create', { Name: 'x' }, 'SecretCreate'),
        json('/services/create', { Name: 'x' }, 'ServiceCreate'),
        json('/auth', { username: 'a', serveraddress: 'http://169.254.169.254' }, 'SystemAuth'),
      ]);
    });
    it('is told nothing of a file by its head', async () => {
      const { statuses, text } = await send(viewer, {
        method: 'HEAD',
        to: `${ROOT}/v1.41/containers/{id}/archive?path=/etc/passwd`,
      });
      expect(statuses).toEqual([403]);
      expect(text.toLowerCase()).not.toContain('path-stat');
      await nothingDone();
    });
    it.each([
      ['attach', 'POST', '/containers/{id}/attach?stream=1&stdin=1', UPGRADE, 'ContainerAttach'],
      ['a WebSocket', 'GET', '/containers/{id}/attach/ws?stream=1', WEBSOCKET, 'ContainerAttachWebsocket'],
    ] as const)('is refused an upgrade to %s', async (_, method, to, headers, operation) => {
      const before = await ground.refusals(viewer);
      error(await send(viewer, { method, to: `${ROOT}/v1.41${to}`, headers }), 403);
      const { count, last } = await ground.refusals(viewer);
      expect(last).toMatchObject({ operation, door: 'engine' });
      expect(count).toBe(before.count + 1);
    });
  });

  describe('a developer makes and enters nothing above its level', () => {
    const create = (what: string, body: object, status = 403) =>
      [
        what,
        {
          method: 'POST',
          to: `${ROOT}/v1.41/containers/create`,
          headers: [JSON_TYPE],
          body: JSON.stringify({ Image: 'busybox', ...body }),
        },
        status,
        'ContainerCreate',
      ] as const;
    const other = (what: string, to: string, body: object | undefined, operation: string, status = 403) =>
      [
        what,
        {
          method: 'POST',
          to: `${ROOT}/v1.41${to}`,
          ...(body === undefined ? {} : { headers: [JSON_TYPE], body: JSON.stringify(body) }),
        },
        status,
        operation,
      ] as const;
    const host = (what: string, HostConfig: object) => create(what, { HostConfig });

    it.each([
      host('privileged', { Privileged: true }),
      host('a bind', { Binds: ['/:/host'] }),
      host('a bind by a mount', { Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
      host('a bind of the socket', { Binds: ['/run/docker.sock:/s'] }),
      host('a bind by a volume', {
        Mounts: [
          {
            Type: 'volume',
            Target: '/h',
            VolumeOptions: {
              DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/' } },
            },
          },
        ],
      }),
      host('the host’s processes', { PidMode: 'host' }),
      host('the host’s network', { NetworkMode: 'host' }),
      host('the host’s IPC', { IpcMode: 'host' }),
      host('the host’s user namespace', { UsernsMode: 'host' }),
      host('a capability', { CapAdd: ['SYS_ADMIN'] }),
      host('a device', {
        Devices: [{ PathOnHost: '/dev/sda', PathInContainer: '/d', CgroupPermissions: 'rwm' }],
      }),
      host('a device rule', { DeviceCgroupRules: ['a *:* rwm'] }),
      host('no seccomp', { SecurityOpt: ['seccomp=unconfined'] }),
      host('unmasked paths', { MaskedPaths: [] }),
      host('a control group of its choice', { CgroupParent: '/' }),
      host('another runtime', { Runtime: 'other' }),
      host('a log driver', { LogConfig: { Type: 'syslog', Config: {} } }),
      create('a reserved label', { Labels: { 'io.dockmaster.role': 'x' } }, 400),
      other('a privileged exec', '/containers/{id}/exec', { Cmd: ['id'], Privileged: true }, 'ContainerExec'),
      other(
        'a device by an update',
        '/containers/{id}/update',
        { Devices: [{ PathOnHost: '/dev/sda' }] },
        'ContainerUpdate',
      ),
      other(
        'a reserved label by a commit',
        '/commit?container={id}',
        { Labels: { 'io.dockmaster.x': 'y' } },
        'ImageCommit',
        400,
      ),
      other(
        'a reserved label by the second change of a commit',
        '/commit?container={id}&changes=ENV%20a=b&changes=LABEL%20io.dockmaster.x=y',
        undefined,
        'ImageCommit',
        400,
      ),
      other('the network of the host by a build', '/build?networkmode=host', undefined, 'ImageBuild'),
      other('a build from an address', '/build?remote=http://169.254.169.254/', undefined, 'ImageBuild'),
      other(
        'an import from an address',
        '/images/create?fromSrc=http://169.254.169.254/',
        undefined,
        'ImageCreate',
      ),
      other('a build by BuildKit', '/build?version=2', undefined, 'ImageBuild'),
      other(
        'a processor of its own by a build',
        `/build?ulimits=${encodeURIComponent('[{"Name":"rtprio","Soft":99,"Hard":99}]')}`,
        undefined,
        'ImageBuild',
      ),
      other(
        'the same by a name that only engines know',
        `/build?ulimits=${encodeURIComponent('[{"name":"rtprio","Soft":99,"Hard":99}]')}`,
        undefined,
        'ImageBuild',
        400,
      ),
      other(
        'the name of Dockmaster’s own image by a build',
        '/build?t=dockmaster/empty:1',
        undefined,
        'ImageBuild',
        400,
      ),
      other('a build under a control group', '/build?cgroupparent=/x', undefined, 'ImageBuild'),
      other(
        'a bind by a volume made before',
        '/volumes/create',
        {
          Name: 'door-bind',
          DriverOpts: { type: 'none', o: 'bind', device: '/' },
        },
        'VolumeCreate',
      ),
      other(
        'a network on the host’s',
        '/networks/create',
        { Name: 'door-macvlan', Driver: 'macvlan' },
        'NetworkCreate',
      ),
      other('a plugin', '/plugins/pull?remote=x', [], 'PluginPull'),
      other('a swarm', '/swarm/init', { ListenAddr: '0.0.0.0' }, 'SwarmInit'),
      other('the build cache', '/build/prune', undefined, 'BuildPrune'),
    ])('%s', async (_, request, status, operation) => {
      const before = await ground.refusals(developer);
      error(await send(developer, request), status);
      await nothingDone();
      const { count, last } = await ground.refusals(developer);
      expect(last).toMatchObject({ outcome: 'refused', operation, door: 'engine' });
      expect(count).toBe(before.count + 1);
    });

    describe('by the arguments of ps, which runs on the host', () => {
      forbids(
        () => developer,
        403,
        [
          'axeouid%3DPID%20-oargs',
          '-eouid%3DPID%20-oargs%20e',
          'eww',
          '-o%20pid,environ',
          '-o%20pid%3DPID',
          '-o%20pid%09args',
          '-C%20sleep%20-o%20pid',
          'aux%20--sort%3Dpid',
          '@/etc/shadow',
        ].map((args) => [args, { to: `${ROOT}/v1.41/containers/{id}/top?ps_args=${args}` }, 'ContainerTop']),
      );

      it.each(['', '-ef', 'aux', '-o%20pid,user,args', '-eo%20pid,rss'])('but not by %j', async (args) => {
        const answer = await send(developer, { to: `${ROOT}/v1.41/containers/{id}/top?ps_args=${args}` });
        expect(answer.statuses).toEqual([200]);
      });
    });

    it('by an exec of somebody who may do more', async () => {
      const make = async (body: object) =>
        (
          (
            await ground.app
              .rest(admin)
              .post(`/docker/local/v1.41/containers/${victim}/exec`)
              .send({ Cmd: ['id'], ...body })
              .expect(201)
          ).body as { Id: string }
        ).Id;
      const privileged = await make({ Privileged: true });
      const ordinary = await make({ User: '0' });
      const start = (id: string) => ({
        method: 'POST',
        to: `${ROOT}/v1.41/exec/${id}/start`,
        headers: [JSON_TYPE],
        body: JSON.stringify({ Detach: true }),
      });
      heard = ground.recording.requests.length;
      const before = await ground.refusals(developer);
      error(await send(developer, start(privileged)), 403);
      await nothingDone();
      const { count, last } = await ground.refusals(developer);
      expect([count, last?.operation]).toEqual([before.count + 1, 'ExecStart']);
      expect((await send(developer, start(ordinary))).statuses).toEqual([200]);
    });

    it.each([
      ['/session', 'Session'],
      ['/grpc', 'BuildKitGrpc'],
    ])('BuildKit at %s', async (path, operation) => {
      const request = {
        method: 'POST',
        to: `${ROOT}/v1.41${path}`,
        headers: ['Connection: Upgrade', 'Upgrade: h2c'],
      };
      error(await send(developer, request), 403);
      expect((await ground.refusals(developer)).last).toMatchObject({ operation, door: 'engine' });
      await nothingDone();
    });
  });

  describe('what somebody may not see is not there', () => {
    const path = (method: string, to: string, operation: string): readonly [...Case, string] => [
      `${method} ${to}`,
      { method, to: `${ROOT}/v1.41${to}` },
      operation,
    ];
    const json = (to: string, body: object, operation: string): readonly [...Case, string] => [
      `POST ${to}`,
      { method: 'POST', to: `${ROOT}/v1.41${to}`, headers: [JSON_TYPE], body: JSON.stringify(body) },
      operation,
    ];
    forbids(() => other, 404, [
      path('GET', '/containers/{id}/json', 'ContainerInspect'),
      path('GET', '/containers/{id}/logs?stdout=1', 'ContainerLogs'),
      path('GET', '/containers/{id}/stats?stream=0', 'ContainerStats'),
      path('GET', '/containers/{id}/top', 'ContainerTop'),
      path('GET', '/containers/{id}/changes', 'ContainerChanges'),
      path('GET', '/containers/{id}/archive?path=/', 'ContainerArchive'),
      path('POST', '/containers/{id}/kill', 'ContainerKill'),
      path('POST', '/containers/{id}/rename?name=x', 'ContainerRename'),
      path('POST', '/commit?container={id}', 'ImageCommit'),
      path('DELETE', '/containers/{id}?force=1', 'ContainerDelete'),
      path('GET', '/exec/{exec}/json', 'ExecInspect'),
      json('/exec/{exec}/start', { Detach: true }, 'ExecStart'),
      json('/containers/{id}/exec', { Cmd: ['id'] }, 'ContainerExec'),
      path('GET', '/containers/json?filters={%22since%22:[%22{id}%22]}', 'ContainerInspect'),
      path('GET', '/containers/json?filters={%22before%22:[%22{id}%22]}', 'ContainerInspect'),
      json(
        '/containers/create',
        { Image: 'busybox', Labels: { team: 'other' }, HostConfig: { NetworkMode: 'container:none' } },
        'ContainerCreate',
      ),
    ]);

    describe('by its id, of a kind of which it may see none', () => {
      forbids(() => nobody, 404, [
        path('GET', '/containers/{id}/json', 'ContainerInspect'),
        path('GET', '/images/{image}/json', 'ImageInspect'),
        path('GET', '/networks/bridge', 'NetworkInspect'),
        path('GET', '/volumes/any', 'VolumeInspect'),
        path('GET', '/nodes/any', 'NodeInspect'),
        path('GET', '/services/any', 'ServiceInspect'),
        path('GET', '/tasks/any', 'TaskInspect'),
        path('GET', '/secrets/any', 'SecretInspect'),
        path('GET', '/configs/any', 'ConfigInspect'),
        path('GET', '/plugins/any/json', 'PluginInspect'),
      ]);
    });
    describe('while a list of it says what right is missing', () => {
      forbids(() => nobody, 403, [
        path('GET', '/containers/json', 'ContainerList'),
        path('GET', '/images/json', 'ImageList'),
        path('GET', '/networks', 'NetworkList'),
        path('GET', '/volumes', 'VolumeList'),
        path('GET', '/nodes', 'NodeList'),
        path('GET', '/plugins', 'PluginList'),
      ]);
    });
    it('and what it may list, but not look at, it is told that it may not', async () => {
      const lister = await holderOf(ground.app, admin, 'door-lister', ['containers:list', 'system:ping']);
      error(await send(lister, { to: `${ROOT}/v1.41/containers/{id}/json` }), 403);
    });

    it('is said to be missing in the same words', async () => {
      const hidden = await send(other, { to: `${ROOT}/v1.41/containers/{id}/json` });
      const missing = await send(other, { to: `${ROOT}/v1.41/containers/${'0'.repeat(64)}/json` });
      expect(hidden.message?.replace(victim, '')).toBe(missing.message?.replace('0'.repeat(64), ''));
    });

    it.each([
      ['lists', '/containers/json?all=1'],
      ['lists of so many', '/containers/json?limit=1'],
      ['disk usage', '/system/df'],
      [
        'past events',
        '/events?since=0&until=9999999999'.replace('9999999999', String(Math.floor(Date.now() / 1000))),
      ],
    ])('is left out of %s', async (_, to) => {
      const { statuses, text } = await send(other, { to: `${ROOT}/v1.41${to}` });
      expect(statuses).toEqual([200]);
      expect(text).not.toContain(victim);
    });

    it('is not counted', async () => {
      const { statuses, text } = await send(other, { to: `${ROOT}/v1.41/info` });
      expect(statuses).toEqual([200]);
      expect(text).toContain('"OSType":"linux"');
      expect(text).not.toMatch(/"Containers|"Images"|"Name"/);
    });

    it('is not pruned', async () => {
      const stopped = await ground.containers.create();
      heard = ground.recording.requests.length;
      const { statuses, text } = await send(other, { method: 'POST', to: `${ROOT}/v1.41/containers/prune` });
      expect(statuses).toEqual([200]);
      expect(text).toContain('"ContainersDeleted":[]');
      expect((await ground.containers.inspect(stopped.id)).Id).toBe(stopped.id);
      await nothingDone();
    });
  });
});
