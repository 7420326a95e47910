/**
 * The normal form of "a container that would run, or does": what the policy reads, and no more. ContainerCreate,
 * ContainerUpdate, ContainerExec and an existing container are turned into it (`normalise-container.ts`) and judged
 * by one evaluator. Each part keeps the name of the Engine API field that it came from, for messages.
 */
export interface ContainerSpec {
  image: string;
  privileged: boolean;
  /** `user[:group]`, or '' for the image's own. */
  user: string;
  capAdd: string[];
  capDrop: string[];
  namespaces: Record<NamespaceName, Namespace>;
  networks: NetworkAttachment[];
  /** Containers whose environment and address are injected (`HostConfig.Links`). */
  links: string[];
  mounts: MountSpec[];
  /** Containers whose mounts are taken over. */
  volumesFrom: string[];
  /** The driver of volumes in `Binds` and `Config.Volumes` that do not exist yet; '' is the engine's own. */
  volumeDriver: string;
  /** Host devices: paths, cgroup rules, driver requests and rate limits, each with the field it stands in. */
  devices: FieldValue[];
  security: SecurityOptions;
  /** Undefined when the engine's own list applies. */
  maskedPaths: string[] | undefined;
  /** Undefined when the engine's own list applies. */
  readonlyPaths: string[] | undefined;
  /** Names only. */
  sysctls: string[];
  /** '' is the engine's default. */
  runtime: string;
  /** Undefined for an existing container: its log driver adds nothing to what entering it allows. */
  logDriver: { type: string; options: string[] } | undefined;
  cgroupParent: string;
  cgroup: string;
  oomScoreAdj: number;
  oomKillDisable: boolean;
  realtimeCpu: boolean;
  /** Names only. */
  ulimits: string[];
  /** Names only. */
  storageOptions: string[];
  isolation: string;
  /** Names only. */
  annotations: string[];
}

export const NAMESPACES = ['pid', 'ipc', 'uts', 'net', 'userns', 'cgroupns'] as const;
export type NamespaceName = (typeof NAMESPACES)[number];

/** The container's own, the host's, another container's, or a value that is none of them letter by letter. */
export type Namespace = 'private' | 'host' | { container: string } | { unknown: string };

export interface FieldValue {
  field: string;
  value: string;
}

export interface NetworkAttachment {
  field: string;
  /** Name, id or id prefix. */
  network: string;
  driverOptions: string[];
}

export type MountKind = 'bind' | 'volume' | 'tmpfs' | 'npipe' | 'cluster' | 'image' | 'unknown';

export interface MountSpec {
  kind: MountKind;
  field: string;
  /** Host path, volume name or image; '' for an anonymous volume and for tmpfs. */
  source: string;
  target: string;
  readOnly: boolean;
  /** Bind propagation ('rshared', …); '' when not given. */
  propagation: string;
  /** Path below the volume's root; '' for the root. */
  subpath: string;
  /** The volume's driver as given with the mount; '' when not given. */
  driver: string;
  /** The driver's options as given with the mount; used when the volume does not exist yet. */
  driverOptions: Record<string, string>;
  /** `exec`, `size=64m`, … */
  tmpfsOptions: string[];
  /** Parts that do not belong to this kind of mount or that are not understood. */
  odd: string[];
}

/** `HostConfig.SecurityOpt`, taken apart. Every mention counts, not only the last. */
export interface SecurityOptions {
  seccomp: string[];
  appArmor: string[];
  /** SELinux labels: `disable`, `type:…`, `level:…`. */
  labels: string[];
  /** True only when it is set and nowhere unset. */
  noNewPrivileges: boolean;
  /** Options of no known kind. */
  unknown: string[];
}

export interface ContainerReferences {
  containers: string[];
  volumes: string[];
  networks: string[];
  images: string[];
}

/**
 * Every other object that `spec` makes use of, as the caller named it. The policy judges what a container may do to
 * the host; whether the actor may use these objects at all is the gate's question, at every level. Networks hold the
 * engine's own words too: `default`, `bridge`, `none`, `host`.
 */
export function referencesOf(spec: ContainerSpec): ContainerReferences {
  const joined = Object.values(spec.namespaces).flatMap((namespace) =>
    typeof namespace === 'object' && 'container' in namespace ? [namespace.container] : [],
  );
  const sources = (kind: MountKind) =>
    spec.mounts.filter((mount) => mount.kind === kind && mount.source !== '').map((mount) => mount.source);
  return {
    containers: unique([...joined, ...spec.volumesFrom, ...spec.links]),
    volumes: unique([...sources('volume'), ...sources('cluster')]),
    networks: unique(spec.networks.map(({ network }) => network)),
    images: unique([spec.image, ...sources('image')].filter((image) => image !== '')),
  };
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
