import type { SecurityLevel } from '../../common/security-level.js';

/** What the rules need to know beyond the spec itself: other objects of the engine, and the engine's own defaults. */
export interface PolicyContext {
  /**
   * Whether the actor may use container `reference` (name, id or id prefix) as if it were its own — join its
   * namespaces, take over its mounts, read its environment — and that container itself passes at `level`.
   */
  mayUseContainer(reference: string, level: SecurityLevel): Promise<boolean>;

  /**
   * The volume of this name, whether the actor may see it or not; undefined only when the engine has none, which means
   * that using the name creates one. To answer undefined for a hidden volume would let a bind through under its name.
   */
  volume(name: string): Promise<VolumeFacts | undefined>;

  /** The network of this name, id or id prefix, whether the actor may see it or not; undefined when there is none. */
  network(reference: string): Promise<NetworkFacts | undefined>;

  /** Runtimes that are as good as runc here, beside runc: the engine's own default (`SystemInfo`) at least. */
  readonly allowedRuntimes: readonly string[];

  /**
   * The cgroup namespace that the engine gives where none is asked for: `private` when `SystemInfo.SecurityOptions`
   * names `cgroupns`, otherwise `host`. On such an engine every container has the host's, by no one's choice.
   */
  readonly defaultCgroupNamespace: 'private' | 'host';
}

/** Of VolumeInspect's answer: `Driver` and `Options`. */
export interface VolumeFacts {
  driver: string;
  options: Readonly<Record<string, string>>;
}

/** Of NetworkInspect's answer: `Driver`. */
export interface NetworkFacts {
  driver: string;
}
