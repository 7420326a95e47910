import { describe, expect, it } from '@jest/globals';
import { toUsageByKind } from './disk-usage.mapper.js';

describe('disk usage by kind', () => {
  it('is counted as docker system df counts', () => {
    const kinds = toUsageByKind({
      LayersSize: 1_000,
      Images: [
        { Size: 600, SharedSize: 200, Containers: 1 },
        { Size: 500, SharedSize: 200, Containers: 0 },
        { Size: 100, SharedSize: -1, Containers: -1 },
      ],
      Containers: [{ SizeRw: 5, State: 'running' }, { SizeRw: 7, State: 'exited' }, { State: 'created' }],
      Volumes: [
        { UsageData: { Size: 30, RefCount: 1 } },
        { UsageData: { Size: 40, RefCount: 0 } },
        { UsageData: { Size: -1, RefCount: -1 } },
        { UsageData: null },
      ],
      BuildCache: [
        { Size: 10, InUse: true, Shared: false },
        { Size: 20, InUse: false, Shared: false },
        { Size: 90, InUse: false, Shared: true },
      ],
    });
    expect(kinds).toEqual([
      { kind: 'images', count: 3, active: 1, sizeBytes: 1_000, reclaimableBytes: 600 },
      { kind: 'containers', count: 3, active: 1, sizeBytes: 12, reclaimableBytes: 7 },
      { kind: 'volumes', count: 4, active: 1, sizeBytes: 70, reclaimableBytes: 40 },
      { kind: 'buildCache', count: 3, active: 1, sizeBytes: 30, reclaimableBytes: 20 },
    ]);
  });

  it('is taken over from engines that count themselves (API 1.52)', () => {
    const usage = { TotalCount: 4, ActiveCount: 1, TotalSize: 100, Reclaimable: 60 };
    const kinds = toUsageByKind({
      ImageUsage: usage,
      ContainerUsage: usage,
      VolumeUsage: usage,
      BuildCacheUsage: usage,
    });
    for (const kind of kinds)
      expect(kind).toMatchObject({ count: 4, active: 1, sizeBytes: 100, reclaimableBytes: 60 });
  });

  it('is nothing where there is nothing', () => {
    for (const kind of toUsageByKind({ Images: null }))
      expect(kind).toMatchObject({ count: 0, sizeBytes: 0, reclaimableBytes: 0 });
  });
});
