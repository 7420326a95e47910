import { STOPPED } from '../containers/container-states.js';
import type { Loose } from '../containers/engine-document.js';
import type { PruneKind } from './prune.inputs.js';

export interface PrunedContainer {
  Id: string;
  Names: string[] | null;
  State: string;
  Created: number;
  Labels: Record<string, string> | null;
  ImageID: string;
  SizeRw: number;
  Mounts: { Type: string; Name: string }[] | null;
  NetworkSettings: { Networks: Record<string, { NetworkID: string }> | null } | null;
}

export interface PrunedNetwork {
  Id: string;
  Name: string;
  Created: string;
  Ingress: boolean;
  Labels: Record<string, string> | null;
}

export interface PrunedVolume {
  Name: string;
  CreatedAt: string;
  Labels: Record<string, string> | null;
}

export interface PrunedImage {
  Id: string;
  RepoTags: string[] | null;
  RepoDigests: string[] | null;
  Created: number;
  Size: number;
  Labels: Record<string, string> | null;
}

/** What there is of each kind that is to be pruned, as far as the actor may see it. */
export interface PruneScene {
  readonly containers: readonly Loose<PrunedContainer>[];
  /** Whether that is every container: only then is something in use by nobody because none of these uses it. */
  readonly seesAllContainers: boolean;
  readonly networks: readonly Loose<PrunedNetwork>[];
  /** Ids of networks that the engine itself has on no running container. */
  readonly danglingNetworks: ReadonlySet<string>;
  readonly volumes: readonly Loose<PrunedVolume>[];
  /** Names of volumes that the engine itself has in no container. */
  readonly danglingVolumes: ReadonlySet<string>;
  readonly images: readonly Loose<PrunedImage>[];
}

export interface PruneWish {
  readonly kinds: ReadonlySet<PruneKind>;
  readonly allImages: boolean;
  readonly allVolumes: boolean;
  readonly meetsLabels: (labels: Readonly<Record<string, string>>) => boolean;
  /** Milliseconds since the epoch; infinity for any time. */
  readonly before: number;
}

/** Something that is to go. */
export interface PruneCandidate {
  readonly kind: PruneKind;
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly sizeBytes: number | null;
  /** What the engine is called with, one after the other: names of an image, else the id. */
  readonly references: readonly string[];
}

const PREDEFINED = new Set(['bridge', 'host', 'none', 'ingress', 'docker_gwbridge', 'nat']);
const ANONYMOUS = 'com.docker.volume.anonymous';

/**
 * What pruning removes, in an order in which nothing is in use any more when its turn comes: containers, then what they
 * used. What is used only by containers that go is to go too.
 *
 * @param mayGo whether the actor may remove it
 */
export function planPrune(
  scene: PruneScene,
  wish: PruneWish,
  mayGo: (candidate: PruneCandidate) => boolean,
): PruneCandidate[] {
  const gone = stoppedContainers(scene, wish).filter(mayGo);
  const goneIds = new Set(gone.map(({ id }) => id));
  const staying = scene.containers.filter(({ Id }) => !goneIds.has(Id ?? ''));
  return [
    ...gone,
    ...unusedNetworks(scene, wish, staying).filter(mayGo),
    ...unusedVolumes(scene, wish, staying).filter(mayGo),
    ...unusedImages(scene, wish, staying).filter(mayGo),
  ];
}

function stoppedContainers({ containers }: PruneScene, wish: PruneWish): PruneCandidate[] {
  if (!wish.kinds.has('containers')) return [];
  return containers.flatMap(({ Id = '', Names, State, Created, Labels, SizeRw }) => {
    const candidate = candidateOf(
      'containers',
      Id,
      (Names?.[0] ?? '').replace(/^\//, ''),
      Labels,
      SizeRw ?? 0,
    );
    return STOPPED.has(State ?? '') && isMeant(candidate, (Created ?? 0) * 1_000, wish) ? [candidate] : [];
  });
}

/** Also a stopped container keeps its networks: without them it could not be started again. */
function unusedNetworks(
  { networks, danglingNetworks }: PruneScene,
  wish: PruneWish,
  staying: PruneScene['containers'],
): PruneCandidate[] {
  if (!wish.kinds.has('networks')) return [];
  const used = new Set(
    staying.flatMap(({ NetworkSettings: settings }) =>
      Object.entries(settings?.Networks ?? {}).flatMap(([name, network]) => [name, network?.NetworkID ?? '']),
    ),
  );
  return networks.flatMap(({ Id = '', Name = '', Created, Ingress, Labels }) => {
    const candidate = candidateOf('networks', Id, Name, Labels, null);
    const isUsed = used.has(candidate.id) || used.has(candidate.name) || !danglingNetworks.has(candidate.id);
    const isOurs = !PREDEFINED.has(candidate.name) && Ingress !== true;
    return isOurs && !isUsed && isMeant(candidate, Date.parse(Created ?? ''), wish) ? [candidate] : [];
  });
}

function unusedVolumes(
  { volumes, danglingVolumes, seesAllContainers }: PruneScene,
  wish: PruneWish,
  staying: PruneScene['containers'],
): PruneCandidate[] {
  if (!wish.kinds.has('volumes')) return [];
  const used = new Set(
    staying.flatMap(({ Mounts }) =>
      (Mounts ?? []).flatMap((mount) => (mount.Type === 'volume' ? [mount.Name ?? ''] : [])),
    ),
  );
  return volumes.flatMap(({ Name, CreatedAt, Labels }) => {
    const candidate = candidateOf('volumes', Name, Name, Labels, null);
    const isUnused = danglingVolumes.has(candidate.id) || (seesAllContainers && !used.has(candidate.id));
    const isAnonymous = ANONYMOUS in candidate.labels || /^[0-9a-f]{64}$/.test(candidate.name);
    const created = Date.parse(CreatedAt ?? '');
    return isUnused && (wish.allVolumes || isAnonymous) && isMeant(candidate, created, wish)
      ? [candidate]
      : [];
  });
}

/** What a hidden container uses the engine keeps: it refuses to remove it. */
function unusedImages(
  { images }: PruneScene,
  wish: PruneWish,
  staying: PruneScene['containers'],
): PruneCandidate[] {
  if (!wish.kinds.has('images')) return [];
  const used = new Set(staying.map(({ ImageID }) => ImageID ?? ''));
  return images.flatMap(({ Id = '', RepoTags, Created, Size, Labels }) => {
    const tags = (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
    const candidate = {
      ...candidateOf('images', Id, tags[0] ?? '', Labels, Size ?? 0),
      ...(tags.length > 0 ? { references: tags } : {}),
    };
    const isMeantKind = wish.allImages || tags.length === 0;
    return isMeantKind && !used.has(candidate.id) && isMeant(candidate, (Created ?? 0) * 1_000, wish)
      ? [candidate]
      : [];
  });
}

function candidateOf(
  kind: PruneKind,
  id: string | null | undefined,
  name: string | null | undefined,
  labels: Loose<Record<string, string>> | null | undefined,
  sizeBytes: number | null,
): PruneCandidate {
  const known = Object.entries(labels ?? {}).map(([key, value]) => [key, value ?? ''] as const);
  return {
    kind,
    id: id ?? '',
    name: name ?? '',
    labels: Object.fromEntries(known),
    sizeBytes,
    references: [id ?? ''],
  };
}

/** @param created milliseconds since the epoch; no number where it is not told: then no time is before another */
function isMeant({ labels }: PruneCandidate, created: number, { meetsLabels, before }: PruneWish): boolean {
  return (before === Number.POSITIVE_INFINITY || created < before) && meetsLabels(labels);
}
