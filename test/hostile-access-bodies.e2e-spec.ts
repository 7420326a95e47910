import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestActor } from './support/app.js';
import { type Answer, type Call, HostileGround } from './support/hostile-ground.js';
import { rawHttp } from './support/raw-http.js';

const ON_ENGINE = 'engines/local/containers';
const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

/** What is written is what is judged, whoever else would read it otherwise; and our labels are nobody else's. */
describe('what a hostile user writes', () => {
  let ground: HostileGround;
  let labelled: TestActor;
  let manager: TestActor;
  let mine: string;

  beforeAll(async () => {
    ground = await HostileGround.start();
    const { app, containers } = ground;
    await ground.make('roles', { name: 'manager', permissions: ['roles:*', 'roleBindings:*', 'tokens:*'] });
    const web = { engines: ['*'], labelSelector: 'team=web' };
    labelled = await app.user('labelled', [{ role: 'developer', scope: web }]);
    manager = await app.user('manager', [{ role: 'manager' }]);
    mine = (await containers.create({ labels: { team: 'web' }, env: ['P=io.dock'] })).id;
  });
  afterAll(() => ground.stop());

  const written = async (actor: TestActor, path: string, body: string): Promise<Answer> => {
    const { status, text, problem } = await rawHttp(ground.app.url, {
      method: 'POST',
      path: `/api/v1/${path}`,
      headers: { authorization: actor.authorization, 'content-type': 'application/json' },
      body,
    });
    return { status, text, code: problem.code };
  };

  describe('as labels of Dockmaster itself', () => {
    const KEYS = [
      'io.dockmaster.owner',
      'io.dockmaster.',
      'IO.DOCKMASTER.OWNER',
      'Io.DockMaster.team',
      'io.doc\u212Amaster.owner', // a Kelvin sign, which is a small k in lower case
    ];
    const PLACES: Readonly<Record<string, (key: string) => Call>> = {
      'on a container': (key) => [
        'post',
        ON_ENGINE,
        { image: 'busybox', labels: { team: 'web', [key]: 'x' } },
      ],
      'on one that runs': (key) => [
        'post',
        `${ON_ENGINE}/run`,
        { image: 'busybox', labels: { team: 'web', [key]: 'x' } },
      ],
      'on a volume': (key) => [
        'post',
        ON_ENGINE,
        {
          image: 'busybox',
          labels: { team: 'web' },
          mounts: [{ type: 'volume', target: '/d', volume: { labels: { [key]: 'x' } } }],
        },
      ],
    };
    it.each(Object.keys(PLACES).flatMap((place) => KEYS.map((key) => [place, key] as const)))(
      '%s: %s',
      async (place, key) => {
        const call = PLACES[place]?.(key);
        if (!call) throw new Error('no such place');
        for (const actor of [labelled, ground.admin])
          await ground.refusedCall(actor, 'ContainerCreate', call, { status: 400, code: 'invalid_input' });
      },
    );

    it.each([
      [['LABEL io.dockmaster.owner=admin']],
      [['label IO.Dockmaster.owner admin']],
      [['LABEL a=b "io.dockmaster.owner"="admin"']],
      [['LABEL io.dock"master".owner=admin']],
      [["LABEL 'io.dock'master.owner=admin"]],
      [['LABEL io.dock\\master.owner=admin']],
      [['LABEL ${P}master.owner=admin']],
      [['ENV Q=io.dockm', 'LABEL ${Q}aster.owner=admin']],
      [['ONBUILD LABEL io.dock"master".owner=admin']],
    ])('by a commit: %j', async (changes) => {
      const call: Call = ['post', `${ON_ENGINE}/${mine}/commit`, { changes }];
      await ground.refusedCall(labelled, 'ImageCommit', call, { status: 400, code: 'invalid_input' });
      const query = `mutation ($changes: [String!]) {
        commitContainer(engine: "local", id: "${mine}", input: { changes: $changes }) { imageId }
      }`;
      await ground.refusedGraphql(labelled, 'ImageCommit', query, {
        variables: { changes },
        code: 'invalid_input',
      });
    });
  });

  describe('as JSON that is read in two ways', () => {
    const create = (rest: string) => `{"image":"busybox",${rest}}`;
    it.each<[what: string, body: string, code: string]>([
      ['labels twice', create('"labels":{"team":"web"},"labels":{"team":"db"}'), 'forbidden'],
      ['a label twice', create('"labels":{"team":"web","team":"db"}'), 'forbidden'],
      ['labels twice, none at last', create('"labels":{"team":"web"},"labels":{}'), 'forbidden'],
      [
        'security twice',
        create('"labels":{"team":"web"},"security":{},"security":{"privileged":true}'),
        'policy_violation',
      ],
      [
        'a flag twice',
        create('"labels":{"team":"web"},"security":{"privileged":false,"privileged":true}'),
        'policy_violation',
      ],
      [
        'a flag in an escape',
        create('"labels":{"team":"web"},"security":{"\\u0070rivileged":true}'),
        'policy_violation',
      ],
      ['mounts twice', create('"labels":{"team":"web"},"binds":[],"binds":["/:/host"]'), 'policy_violation'],
    ])('%s: what counts at last is judged', async (_, body, code) => {
      const send = () => written(labelled, ON_ENGINE, body);
      await ground.refused(labelled, { operation: 'ContainerCreate', status: 403, code }, send);
    });

    it.each<[what: string, body: string]>([
      ['the engine’s own fields', create('"HostConfig":{"Privileged":true}')],
      ['the same in small letters', create('"hostconfig":{"privileged":true}')],
      ['a long s', create('"label\u017f":{"team":"web"},"labels":{"team":"web"}')],
      ['a Kelvin sign', create('"networ\u212As":[{"name":"host"}]')],
      ['the same in capitals', create('"security":{"Privileged":true}')],
      ['__proto__', create('"__proto__":{"security":{"privileged":true}}')],
      ['__proto__ within', create('"security":{"__proto__":{"privileged":true}}')],
      ['constructor', create('"constructor":{"prototype":{"security":{"privileged":true}}}')],
      ['toString', create('"security":{"toString":1}')],
      ['a number beyond all', create('"oomScoreAdj":-1e400')],
      ['a number beyond exactness', create('"shmSize":9007199254740993')],
      ['a number of 10,000 digits', create(`"shmSize":${'9'.repeat(10_000)}`)],
      ['a list for an object', create('"security":[{"privileged":true}]')],
      ['a list for a flag', create('"security":{"privileged":[true]}')],
      ['text for a flag', create('"security":{"privileged":"true"}')],
      ['10,000 objects in each other', create(`"labels":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
      ['a second document', `${create('"tty":false')}${create('"security":{"privileged":true}')}`],
      ['a byte order mark within', create('"\ufeffsecurity":{"privileged":true}')],
    ])('%s is refused as input', async (_, body) => {
      const start = ground.recording.requests.length;
      for (const actor of [labelled, ground.admin])
        expect(await written(actor, ON_ENGINE, body)).toMatchObject({ status: 400, code: 'invalid_input' });
      expect(ground.changesSince(start)).toEqual([]);
    });

    it.each<[what: string, operation: string, path: string, body: string]>([
      [
        'permissions twice',
        'roles:create',
        'roles',
        '{"name":"twice","permissions":["roles:list"],"permissions":["*:*"]}',
      ],
      [
        'a role twice',
        'roleBindings:create',
        'role-bindings',
        '{"role":"manager","role":"admin","subject":{"kind":"user","id":"ME"},"scope":{"engines":["*"]}}',
      ],
      [
        'a level twice',
        'roleBindings:create',
        'role-bindings',
        '{"role":"manager","level":"baseline","level":"privileged","subject":{"kind":"user","id":"ME"},"scope":{"engines":["*"]}}',
      ],
    ])('%s: what counts at last is judged', async (_, operation, path, body) => {
      const send = () => written(manager, path, body.replace('ME', manager.id));
      await ground.refused(manager, { operation, status: 403 }, send);
    });

    it.each<[what: string, path: string, body: string]>([
      ['a role', 'roles', '{"name":"r","permissions":["roles:list"],"Permissions":["*:*"]}'],
      ['a role', 'roles', '{"name":"r","permissions":["roles:list"],"permission\u017f":["*:*"]}'],
      ['a role', 'roles', '{"name":"r","permissions":["roles:list"],"builtIn":true}'],
      ['a role', 'roles', '{"name":"r","permissions":"*:*"}'],
      ['a role', 'roles', '{"name":"r","permissions":{"0":"*:*","length":1}}'],
      ['a role', 'roles', '{"name":["r"],"permissions":["roles:list"]}'],
      [
        'a binding',
        'role-bindings',
        `{"role":"manager","subject":{"kind":"user","id":"${NOBODY}"},"scope":{"engines":["*"]},"createdBy":"admin"}`,
      ],
      [
        'a binding',
        'role-bindings',
        `{"role":"manager","subject":{"kind":"system","id":"${NOBODY}"},"scope":{"engines":["*"]}}`,
      ],
      [
        'a binding',
        'role-bindings',
        `{"role":"manager","subject":{"kind":"user","id":"${NOBODY}"},"scope":{"engines":["*"],"Owned":true}}`,
      ],
      [
        'a binding',
        'role-bindings',
        `{"role":["admin"],"subject":{"kind":"user","id":"${NOBODY}"},"scope":{"engines":["*"]}}`,
      ],
      ['a token', 'tokens', '{"name":"t","ownerId":"x"}'],
      ['a token', 'tokens', '{"name":"t","owner":{"kind":"user","id":"x"}}'],
      ['a token', 'tokens', '{"name":"t","permissions":[]}'],
      ['a token', 'tokens', '{"name":"t","engines":["local","\u0000"]}'],
      ['a token', 'tokens', '{"name":"t","__proto__":{"permissions":["*:*"]}}'],
    ])('%s at %s with more or other than there is: %s', async (_, path, body) => {
      for (const dryRun of ['', '?dryRun=true'])
        expect(await written(manager, `${path}${dryRun}`, body)).toMatchObject({
          status: 400,
          code: 'invalid_input',
        });
    });

    it.each(['dryRun=true&dryRun=false', 'dryRun=TRUE', 'dryRun[]=true', 'DryRun=true', 'dryrun=true'])(
      'a dry run that is none by ?%s makes nothing',
      async (query) => {
        const body = '{"name":"rehearsed","permissions":["roles:list"]}';
        expect(await written(manager, `roles?${query}`, body)).toMatchObject({ status: 400 });
        await ground.app.rest(ground.admin).get('/api/v1/roles/rehearsed').expect(404);
      },
    );

    it.each(['force=true&force=false', 'force[]=true', 'Force=true', 'force=yes', 'force=true;link=true'])(
      'a removal by ?%s removes nothing',
      async (query) => {
        const start = ground.recording.requests.length;
        const call: Call = ['delete', `${ON_ENGINE}/${mine}?${query}`];
        expect(await ground.rest(labelled, call)).toMatchObject({ status: 400, code: 'invalid_input' });
        expect(ground.changesSince(start)).toEqual([]);
      },
    );
  });
});
