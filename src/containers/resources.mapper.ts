import type { ResourceLimitsInput, ResourcesInput } from './container-resources.inputs.js';
import type { DeviceInput, DeviceRateInput, DeviceRequestInput } from './device.inputs.js';
import { type EngineDocument, present } from './engine-document.js';

/** `Resources` of the Engine API, as far as ContainerUpdate changes them. */
export function toResourceLimits(limits: ResourceLimitsInput): EngineDocument {
  return present({
    Memory: limits.memory,
    MemorySwap: limits.memorySwap,
    MemoryReservation: limits.memoryReservation,
    KernelMemory: limits.kernelMemory,
    NanoCpus: limits.nanoCpus,
    CpuShares: limits.cpuShares,
    CpuPeriod: limits.cpuPeriod,
    CpuQuota: limits.cpuQuota,
    CpuRealtimePeriod: limits.cpuRealtimePeriod,
    CpuRealtimeRuntime: limits.cpuRealtimeRuntime,
    CpusetCpus: limits.cpusetCpus,
    CpusetMems: limits.cpusetMems,
    PidsLimit: limits.pidsLimit,
    BlkioWeight: limits.blkioWeight,
    BlkioWeightDevice: limits.blkioWeightDevices?.map(({ path, weight }) => ({ Path: path, Weight: weight })),
    BlkioDeviceReadBps: limits.blkioReadBytesPerSecond?.map(toRate),
    BlkioDeviceWriteBps: limits.blkioWriteBytesPerSecond?.map(toRate),
    BlkioDeviceReadIOps: limits.blkioReadOperationsPerSecond?.map(toRate),
    BlkioDeviceWriteIOps: limits.blkioWriteOperationsPerSecond?.map(toRate),
  });
}

/** `Resources` of the Engine API, as ContainerCreate takes them. */
export function toResources(resources: ResourcesInput): EngineDocument {
  return {
    ...toResourceLimits(resources),
    ...present({
      MemorySwappiness: resources.memorySwappiness,
      KernelMemoryTCP: resources.kernelMemoryTcp,
      OomKillDisable: resources.oomKillDisable,
      Ulimits: resources.ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
      Devices: resources.devices?.map(toDevice),
      DeviceRequests: resources.deviceRequests?.map(toDeviceRequest),
      DeviceCgroupRules: resources.deviceCgroupRules,
      CgroupParent: resources.cgroupParent,
    }),
  };
}

function toRate({ path, rate }: DeviceRateInput): EngineDocument {
  return { Path: path, Rate: rate };
}

function toDevice({ pathOnHost, pathInContainer, permissions }: DeviceInput): EngineDocument {
  return {
    PathOnHost: pathOnHost,
    PathInContainer: pathInContainer ?? pathOnHost,
    CgroupPermissions: permissions ?? 'rwm',
  };
}

function toDeviceRequest(request: DeviceRequestInput): EngineDocument {
  return present({
    Driver: request.driver,
    Count: request.count,
    DeviceIDs: request.deviceIds,
    Capabilities: request.capabilities?.map((set) => set.split(',')),
    Options: request.options,
  });
}
