import { InputType } from '@nestjs/graphql';
import { InBoolean, InInteger, InObject, InText } from '../common/input-fields.js';
import { DeviceInput, DeviceRateInput, DeviceRequestInput, DeviceWeightInput } from './device.inputs.js';

const BYTES = { max: Number.MAX_SAFE_INTEGER, optional: true } as const;
const MICROSECONDS = { max: 2 ** 31 - 1, optional: true } as const;
const CPU_LIST = {
  max: 512,
  pattern: /^\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/,
  patternHint: 'numbers and ranges, such as 0-3,6',
  optional: true,
} as const;
const DEVICE_LIST = { list: { max: 64 }, optional: true } as const;

@InputType({ description: 'A limit of setrlimit(2) for the processes in the container (`Ulimits`).' })
export class UlimitInput {
  @InText({
    description: 'The limit, without `RLIMIT_`, in lower case.',
    max: 16,
    pattern: /^[a-z]{2,16}$/,
    patternHint: 'the name of a limit, such as nofile',
    example: 'nofile',
  })
  name!: string;

  @InInteger({
    description: 'What a process starts with; -1 for unlimited.',
    min: -1,
    max: Number.MAX_SAFE_INTEGER,
  })
  soft!: number;

  @InInteger({
    description: 'What a process may raise its soft limit to; -1 for unlimited.',
    min: -1,
    max: Number.MAX_SAFE_INTEGER,
  })
  hard!: number;
}

@InputType({ description: 'What the container may use of its host, as far as it can be changed later.' })
export class ResourceLimitsInput {
  @InInteger({
    description: 'Memory limit in bytes; 0 for none. Engines want at least 6 MiB.',
    min: 0,
    ...BYTES,
  })
  memory?: number;

  @InInteger({
    description: 'Limit of memory and swap together, in bytes; -1 for unlimited swap.',
    min: -1,
    ...BYTES,
  })
  memorySwap?: number;

  @InInteger({
    description: 'Memory in bytes that the kernel aims at when the host runs short.',
    min: 0,
    ...BYTES,
  })
  memoryReservation?: number;

  @InInteger({ description: 'Limit of kernel memory in bytes. Engines of API 1.41 only.', min: 0, ...BYTES })
  kernelMemory?: number;

  @InInteger({
    description: 'CPUs in billionths: 1500000000 is one and a half.',
    min: 0,
    ...BYTES,
    example: 1_500_000_000,
  })
  nanoCpus?: number;

  @InInteger({
    description: 'CPU weight relative to other containers. Engine default 1024.',
    min: 0,
    max: 262_144,
    optional: true,
  })
  cpuShares?: number;

  @InInteger({
    description: 'Length of a CPU period in microseconds. Engine default 100000.',
    min: 0,
    ...MICROSECONDS,
  })
  cpuPeriod?: number;

  @InInteger({
    description: 'CPU time in microseconds within each period; -1 for unlimited.',
    min: -1,
    ...MICROSECONDS,
  })
  cpuQuota?: number;

  @InInteger({ description: 'Length of a real-time CPU period in microseconds.', min: 0, ...MICROSECONDS })
  cpuRealtimePeriod?: number;

  @InInteger({
    description: 'Real-time CPU time in microseconds within each period.',
    min: 0,
    ...MICROSECONDS,
  })
  cpuRealtimeRuntime?: number;

  @InText({ description: 'The CPUs to run on.', ...CPU_LIST, example: '0-3' })
  cpusetCpus?: string;

  @InText({ description: 'The memory nodes to use, on NUMA hosts.', ...CPU_LIST, example: '0' })
  cpusetMems?: string;

  @InInteger({
    description: 'How many processes and threads; 0 or -1 for unlimited.',
    min: -1,
    max: 4_194_304,
    optional: true,
  })
  pidsLimit?: number;

  @InInteger({
    description: 'Block I/O weight relative to other containers, 10 to 1000; 0 for none.',
    min: 0,
    max: 1_000,
    optional: true,
  })
  blkioWeight?: number;

  @InObject(() => DeviceWeightInput, { description: 'Block I/O weights by device.', ...DEVICE_LIST })
  blkioWeightDevices?: DeviceWeightInput[];

  @InObject(() => DeviceRateInput, { description: 'Limits of reading, in bytes per second.', ...DEVICE_LIST })
  blkioReadBytesPerSecond?: DeviceRateInput[];

  @InObject(() => DeviceRateInput, { description: 'Limits of writing, in bytes per second.', ...DEVICE_LIST })
  blkioWriteBytesPerSecond?: DeviceRateInput[];

  @InObject(() => DeviceRateInput, {
    description: 'Limits of reading, in operations per second.',
    ...DEVICE_LIST,
  })
  blkioReadOperationsPerSecond?: DeviceRateInput[];

  @InObject(() => DeviceRateInput, {
    description: 'Limits of writing, in operations per second.',
    ...DEVICE_LIST,
  })
  blkioWriteOperationsPerSecond?: DeviceRateInput[];
}

/**
 * `Resources` of the Engine API. Left out are the options of Windows engines: `CpuCount`, `CpuPercent`,
 * `IOMaximumIOps` and `IOMaximumBandwidth`.
 */
@InputType({ description: 'What the container may use of its host. What is not given is not limited.' })
export class ResourcesInput extends ResourceLimitsInput {
  @InInteger({
    description: 'How readily the kernel swaps, 0 to 100; -1 for the host default. Not with cgroup v2.',
    min: -1,
    max: 100,
    optional: true,
  })
  memorySwappiness?: number;

  @InInteger({ description: "Limit of the kernel's TCP buffers in bytes. Up to API 1.51.", min: 0, ...BYTES })
  kernelMemoryTcp?: number;

  @InBoolean({
    description: 'Whether the kernel must not kill for lack of memory. Not with cgroup v2.',
    optional: true,
  })
  oomKillDisable?: boolean;

  @InObject(() => UlimitInput, { description: 'Limits of the processes in the container.', ...DEVICE_LIST })
  ulimits?: UlimitInput[];

  @InObject(() => DeviceInput, { description: 'Devices of the host.', list: { max: 256 }, optional: true })
  devices?: DeviceInput[];

  @InObject(() => DeviceRequestInput, {
    description: 'Devices that a device driver chooses.',
    ...DEVICE_LIST,
  })
  deviceRequests?: DeviceRequestInput[];

  @InText({
    description: 'Rules of the device cgroup: type `a`, `b` or `c`, major:minor, rights.',
    max: 64,
    pattern: /^[abc] (\d{1,10}|\*):(\d{1,10}|\*) [rwm]{1,3}$/,
    patternHint: "a rule such as 'c 13:* rwm'",
    list: { max: 128 },
    optional: true,
    example: ['c 13:* rwm'],
  })
  deviceCgroupRules?: string[];

  @InText({
    description: "The cgroup above the container's own. Default: the engine's.",
    max: 4_096,
    optional: true,
  })
  cgroupParent?: string;
}
