import { describe, expect, it } from '@jest/globals';
import { planPrune, type PruneScene, type PruneWish } from './prune-plan.js';

const EVERYTHING: PruneWish = {
  kinds: new Set(['containers', 'networks', 'volumes', 'images']),
  allImages: true,
  allVolumes: true,
  meetsLabels: () => true,
  before: Number.POSITIVE_INFINITY,
};

const NOTHING: PruneScene = {
  containers: [],
  seesAllContainers: true,
  networks: [],
  danglingNetworks: new Set(),
  volumes: [],
  danglingVolumes: new Set(),
  images: [],
};

function container(
  id: string,
  state: string,
  uses: { image?: string; volume?: string; network?: string } = {},
) {
  const { image = 'none', volume, network } = uses;
  return {
    Id: id,
    Names: [`/${id}`],
    State: state,
    Created: 100,
    ImageID: image,
    SizeRw: 10,
    Mounts: volume === undefined ? [] : [{ Type: 'volume', Name: volume }],
    NetworkSettings: { Networks: network === undefined ? {} : { [network]: { NetworkID: network } } },
  };
}

const image = (id: string, ...tags: string[]) => ({ Id: id, RepoTags: tags, Created: 100, Size: 7 });

const plan = (
  scene: Partial<PruneScene>,
  wish: Partial<PruneWish> = {},
  mayGo: (id: string) => boolean = () => true,
) =>
  planPrune({ ...NOTHING, ...scene }, { ...EVERYTHING, ...wish }, ({ id }) => mayGo(id)).map(({ id }) => id);

describe('what pruning takes', () => {
  it('is what stopped containers leave, containers first', () => {
    const scene = {
      containers: [
        container('stopped', 'exited', { image: 'old', volume: 'data', network: 'net' }),
        container('running', 'running', { image: 'new', volume: 'live', network: 'web' }),
      ],
      networks: [
        { Id: 'net', Name: 'net' },
        { Id: 'web', Name: 'web' },
      ],
      danglingNetworks: new Set(['net']),
      volumes: [{ Name: 'data' }, { Name: 'live' }],
      images: [image('old', 'app:1'), image('new', 'app:2')],
    };
    expect(plan(scene)).toEqual(['stopped', 'net', 'data', 'old']);
  });

  it('leaves what a container uses that the actor may not remove', () => {
    const scene = {
      containers: [container('stopped', 'exited', { image: 'old', volume: 'data', network: 'net' })],
      networks: [{ Id: 'net', Name: 'net' }],
      danglingNetworks: new Set(['net']),
      volumes: [{ Name: 'data' }],
      images: [image('old', 'app:1')],
    };
    expect(plan(scene, {}, (id) => id !== 'stopped')).toEqual([]);
  });

  it('trusts the engine only on who uses a volume where containers are hidden', () => {
    const volumes = [{ Name: 'used-by-hidden' }, { Name: 'unused' }];
    const scene = { volumes, danglingVolumes: new Set(['unused']) };
    expect(plan({ ...scene, seesAllContainers: false })).toEqual(['unused']);
    expect(plan(scene)).toEqual(['used-by-hidden', 'unused']);
  });

  it('leaves named volumes and images, unless they are asked for', () => {
    const scene = {
      volumes: [
        { Name: 'named' },
        { Name: 'a'.repeat(64) },
        { Name: 'anonymous', Labels: { 'com.docker.volume.anonymous': '' } },
      ],
      images: [image('tagged', 'app:1'), image('dangling'), image('none', '<none>:<none>')],
    };
    const wish = { allVolumes: false, allImages: false };
    expect(plan(scene, wish)).toEqual(['a'.repeat(64), 'anonymous', 'dangling', 'none']);
  });

  it('never takes the networks that every engine has', () => {
    const names = ['bridge', 'host', 'none', 'docker_gwbridge'];
    const networks = [
      ...names.map((name) => ({ Id: name, Name: name })),
      { Id: 'mesh', Name: 'mesh', Ingress: true },
    ];
    expect(plan({ networks, danglingNetworks: new Set([...names, 'mesh']) })).toEqual([]);
  });

  it('is held against labels and age; what has no age is not old', () => {
    const scene = {
      containers: [
        { ...container('old', 'exited'), Labels: { team: 'web' } },
        { ...container('young', 'exited'), Created: 1_000, Labels: { team: 'web' } },
        container('unlabelled', 'exited'),
      ],
      volumes: [{ Name: 'ageless', Labels: { team: 'web' } }],
    };
    const meetsLabels = (labels: Readonly<Record<string, string>>) => labels['team'] === 'web';
    expect(plan(scene, { meetsLabels, before: 500_000 })).toEqual(['old']);
  });

  it('removes an image by its names, one after the other', () => {
    const scene = { ...NOTHING, images: [image('many', 'app:1', 'app:2'), image('nameless')] };
    const references = planPrune(scene, EVERYTHING, () => true).map((candidate) => candidate.references);
    expect(references).toEqual([['app:1', 'app:2'], ['nameless']]);
  });
});
