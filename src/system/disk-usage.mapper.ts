import type { Loose } from '../containers/engine-document.js';
import type { DiskUsageOfKind } from './disk-usage.model.js';

type Kind = DiskUsageOfKind['kind'];

/** What API 1.52 and later tell of a kind. */
export interface KindUsage {
  ActiveCount: number;
  TotalCount: number;
  Reclaimable: number;
  TotalSize: number;
  Items: unknown[] | null;
}

export interface DfImage {
  Size: number;
  SharedSize: number;
  /** How many containers use it; -1 where it was not counted. */
  Containers: number;
}

export interface DfContainer {
  SizeRw: number;
  State: string;
}

export interface DfVolume {
  UsageData: { Size: number; RefCount: number } | null;
}

export interface DfBuildCache {
  ID: string;
  Description: string;
  Size: number;
  InUse: boolean;
  Shared: boolean;
}

/** SystemDataUsage, in the form of before API 1.52 or of after. */
export interface DfDocument {
  LayersSize: number;
  Images: DfImage[] | null;
  Containers: DfContainer[] | null;
  Volumes: DfVolume[] | null;
  BuildCache: DfBuildCache[] | null;
  ImageUsage: KindUsage;
  ContainerUsage: KindUsage;
  VolumeUsage: KindUsage;
  BuildCacheUsage: KindUsage;
}

const IN_USE = new Set(['running', 'paused', 'restarting']);

/** By kind, as `docker system df` counts. */
export function toUsageByKind(df: Loose<DfDocument>): DiskUsageOfKind[] {
  return [
    df.ImageUsage ? ofUsage('images', df.ImageUsage) : ofImages(df),
    df.ContainerUsage ? ofUsage('containers', df.ContainerUsage) : ofContainers(df.Containers ?? []),
    df.VolumeUsage ? ofUsage('volumes', df.VolumeUsage) : ofVolumes(df.Volumes ?? []),
    df.BuildCacheUsage ? ofUsage('buildCache', df.BuildCacheUsage) : ofBuildCache(df.BuildCache ?? []),
  ];
}

function ofUsage(kind: Kind, usage: Loose<KindUsage>): DiskUsageOfKind {
  return {
    kind,
    count: usage.TotalCount ?? 0,
    active: usage.ActiveCount ?? 0,
    sizeBytes: usage.TotalSize ?? 0,
    reclaimableBytes: usage.Reclaimable ?? 0,
  };
}

function ofImages({ LayersSize: layersSize, Images }: Loose<DfDocument>): DiskUsageOfKind {
  const images = present(Images);
  const used = images.filter(({ Containers: containers = 0 }) => (containers ?? 0) > 0);
  const kept = sum(used, ({ Size = 0, SharedSize = 0 }) =>
    Size === -1 || SharedSize === -1 ? 0 : (Size ?? 0) - (SharedSize ?? 0),
  );
  return {
    kind: 'images',
    count: images.length,
    active: used.length,
    sizeBytes: layersSize ?? 0,
    reclaimableBytes: Math.max(0, (layersSize ?? 0) - kept),
  };
}

export function ofContainers(list: readonly (Loose<DfContainer> | null | undefined)[]): DiskUsageOfKind {
  const containers = present(list);
  const size = ({ SizeRw }: Loose<DfContainer>) => SizeRw ?? 0;
  const used = containers.filter(({ State }) => IN_USE.has((State ?? '').toLowerCase()));
  return {
    kind: 'containers',
    count: containers.length,
    active: used.length,
    sizeBytes: sum(containers, size),
    reclaimableBytes: sum(containers, size) - sum(used, size),
  };
}

function ofVolumes(list: readonly (Loose<DfVolume> | null | undefined)[]): DiskUsageOfKind {
  const volumes = present(list);
  const isUsed = ({ UsageData: usage }: Loose<DfVolume>) => (usage?.RefCount ?? 0) > 0;
  const size = ({ UsageData: usage }: Loose<DfVolume>) => Math.max(0, usage?.Size ?? 0);
  return {
    kind: 'volumes',
    count: volumes.length,
    active: volumes.filter(isUsed).length,
    sizeBytes: sum(volumes, size),
    reclaimableBytes: sum(
      volumes.filter((volume) => !isUsed(volume)),
      size,
    ),
  };
}

function ofBuildCache(list: readonly (Loose<DfBuildCache> | null | undefined)[]): DiskUsageOfKind {
  const records = present(list);
  const own = records.filter(({ Shared }) => Shared !== true);
  const size = ({ Size }: Loose<DfBuildCache>) => Size ?? 0;
  return {
    kind: 'buildCache',
    count: records.length,
    active: records.filter(({ InUse }) => InUse === true).length,
    sizeBytes: sum(own, size),
    reclaimableBytes: sum(
      own.filter(({ InUse }) => InUse !== true),
      size,
    ),
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function present<T>(list: readonly (T | null | undefined)[] | null | undefined): T[] {
  return (list ?? []).filter((item): item is T => item !== null && item !== undefined);
}
