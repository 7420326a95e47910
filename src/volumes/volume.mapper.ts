import type { Freshness } from '../common/freshness.js';
import type { ContainerRecord, VolumeDocument } from '../gate/engine-handle.js';
import type { Volume, VolumeDetails, VolumeUser } from './volume.model.js';

/** The document as engines of all versions and drivers write it: much may be missing. */
interface Written {
  readonly Name?: string;
  readonly Driver?: string;
  readonly Mountpoint?: string;
  readonly Scope?: string;
  readonly Labels?: Record<string, string> | null;
  readonly Options?: Record<string, string> | null;
  readonly CreatedAt?: string;
}

/** A volume as lists show it. */
export function toVolume(engine: string, document: Written): Volume {
  const { Name = '', Driver = '', Mountpoint = '', Scope = '', Labels, Options, CreatedAt } = document;
  return {
    engine,
    id: Name,
    name: Name,
    driver: Driver,
    mountpoint: Mountpoint,
    scope: Scope,
    labels: Labels ?? {},
    // The engine writes null for none, and so does the gate for who may not read them, without a place on the host.
    driverOptions: Options ?? (Mountpoint === '' ? null : {}),
    createdAt: timeOrNull(CreatedAt),
  };
}

/** @param inUseBy null where its reader may see no containers */
export function toVolumeDetails(
  engine: string,
  document: VolumeDocument,
  inUseBy: VolumeUser[] | null,
  freshness: Freshness,
): VolumeDetails {
  const { Status } = document as { Status?: object | null };
  return {
    ...toVolume(engine, document),
    ...freshness,
    inUseBy,
    status: Status ?? null,
    cluster: document.ClusterVolume ?? null,
    raw: document,
  };
}

/** Who has the volume, of these containers. */
export function usersOf(volume: string, containers: readonly ContainerRecord[]): VolumeUser[] {
  return containers.flatMap(({ id, name, kept }) =>
    mountsOf(kept)
      .filter((mount) => mount.Name === volume)
      .map(({ Destination = '', RW }) => ({
        containerId: id,
        name,
        state: kept.State.Status,
        target: Destination,
        readOnly: RW === false,
      })),
  );
}

/** The names of all volumes that these containers have. */
export function volumesIn(containers: readonly ContainerRecord[]): Set<string> {
  return new Set(containers.flatMap(({ kept }) => mountsOf(kept).flatMap(({ Name }) => Name ?? [])));
}

function mountsOf(kept: ContainerRecord['kept']) {
  return (kept.Mounts as Partial<(typeof kept.Mounts)[number]>[] | null | undefined) ?? [];
}

function timeOrNull(text: string | undefined): string | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}
