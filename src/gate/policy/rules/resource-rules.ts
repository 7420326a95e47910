import { LOG_DRIVERS, STORAGE_OPTIONS, ULIMITS } from './allowed-values.js';
import { faultIf, onlyAllowed, quote, type Fault, type Rule } from './rule.js';

const DEVICE_FIELDS = [
  'HostConfig.Devices',
  'HostConfig.DeviceCgroupRules',
  'HostConfig.DeviceRequests',
  'HostConfig.BlkioWeightDevice',
  'HostConfig.BlkioDeviceReadBps',
  'HostConfig.BlkioDeviceWriteBps',
  'HostConfig.BlkioDeviceReadIOps',
  'HostConfig.BlkioDeviceWriteIOps',
];

/** What of the host's hardware, processor time and logs a container takes. */
export const RESOURCE_RULES: readonly Rule[] = [
  {
    name: 'devices',
    level: 'baseline',
    summary:
      'No device of the host is given, opened or named (a limit on a device tells whether the host has it).',
    fields: DEVICE_FIELDS,
    check: ({ devices }) =>
      devices.map(({ field, value }) => ({ field, message: `${quote(value)} must not be set` })),
  },
  {
    name: 'oomScore',
    level: 'baseline',
    summary: 'When memory is short, the container does not outlive the host.',
    fields: ['HostConfig.OomScoreAdj', 'HostConfig.OomKillDisable'],
    check: ({ oomScoreAdj, oomKillDisable }) => [
      ...faultIf(oomScoreAdj < 0, 'HostConfig.OomScoreAdj', 'must not be negative'),
      ...faultIf(oomKillDisable, 'HostConfig.OomKillDisable', 'must not be true'),
    ],
  },
  {
    name: 'realtime',
    level: 'baseline',
    summary: "The container cannot take the processor from the host's own processes.",
    fields: ['HostConfig.CpuRealtimePeriod', 'HostConfig.CpuRealtimeRuntime', 'HostConfig.Ulimits'],
    check: ({ realtimeCpu, ulimits }) => [
      ...faultIf(realtimeCpu, 'HostConfig.CpuRealtimeRuntime', 'must not be set'),
      ...onlyAllowed('HostConfig.Ulimits', ulimits, ULIMITS, 'ulimit'),
    ],
  },
  {
    name: 'storageOptions',
    level: 'baseline',
    summary: "Of the storage driver's options only the size is chosen.",
    fields: ['HostConfig.StorageOpt'],
    check: ({ storageOptions }) =>
      onlyAllowed('HostConfig.StorageOpt', storageOptions, STORAGE_OPTIONS, 'storage option'),
  },
  {
    name: 'logDriver',
    level: 'baseline',
    summary: 'Logs stay with the engine: no driver and no option that reaches the network or a path.',
    fields: ['HostConfig.LogConfig'],
    check: ({ logDriver }) => (logDriver === undefined ? [] : logFaults(logDriver)),
  },
];

function logFaults({ type, options }: { type: string; options: readonly string[] }): Fault[] {
  // without a type the options go to the engine's default driver, which may be any: those of json-file suit all
  const driver = type === '' ? 'json-file' : type;
  const allowed = Object.hasOwn(LOG_DRIVERS, driver) ? LOG_DRIVERS[driver] : undefined;
  if (allowed === undefined) {
    return [{ field: 'HostConfig.LogConfig.Type', message: `log driver ${quote(type)} is not allowed` }];
  }
  return onlyAllowed('HostConfig.LogConfig.Config', options, allowed, 'log option');
}
