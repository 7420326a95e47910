import { InputType } from '@nestjs/graphql';
import { InInteger, InText, InTextMap } from '../common/input-fields.js';

const HOST_DEVICE_PATH = { max: 4_096, min: 1, pattern: /^\/.*$/, patternHint: 'an absolute path' } as const;

@InputType({ description: 'A device of the host that the container gets (`Devices`).' })
export class DeviceInput {
  @InText({ description: 'The device on the host.', ...HOST_DEVICE_PATH, example: '/dev/fuse' })
  pathOnHost!: string;

  @InText({
    description: 'Where the device is in the container. Default: the same path.',
    ...HOST_DEVICE_PATH,
    optional: true,
  })
  pathInContainer?: string;

  @InText({
    description: 'What the container may do: `r` read, `w` write, `m` make the node. Default `rwm`.',
    max: 3,
    min: 1,
    pattern: /^[rwm]{1,3}$/,
    patternHint: 'of the letters r, w and m',
    optional: true,
  })
  permissions?: string;
}

@InputType({ description: 'Devices that a device driver chooses, such as GPUs (`DeviceRequests`).' })
export class DeviceRequestInput {
  @InText({
    description: 'The device driver. Default: one that has the capabilities.',
    max: 255,
    optional: true,
    example: 'nvidia',
  })
  driver?: string;

  @InInteger({
    description: 'How many devices; -1 for all. Not together with `deviceIds`.',
    min: -1,
    max: 65_535,
    optional: true,
  })
  count?: number;

  @InText({
    description: 'The devices by the ids that the driver gives them.',
    max: 255,
    min: 1,
    list: { max: 256 },
    optional: true,
  })
  deviceIds?: string[];

  @InText({
    description:
      'Sets of capabilities, each a comma-separated list that a device must have in full; any one set will do.',
    max: 512,
    pattern: /^[\w.:-]+(,[\w.:-]+)*$/,
    patternHint: 'capabilities separated by commas',
    list: { max: 64 },
    optional: true,
    example: ['gpu,compute'],
  })
  capabilities?: string[];

  @InTextMap({
    description: 'Options that the driver understands.',
    maxEntries: 64,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  options?: Record<string, string>;
}

@InputType({ description: 'The share of block I/O on one device (`BlkioWeightDevice`).' })
export class DeviceWeightInput {
  @InText({ description: 'The device on the host.', ...HOST_DEVICE_PATH, example: '/dev/sda' })
  path!: string;

  @InInteger({
    description: 'The weight relative to other containers, 10 to 1000; 0 for none.',
    min: 0,
    max: 1_000,
  })
  weight!: number;
}

@InputType({ description: 'A limit of block I/O on one device.' })
export class DeviceRateInput {
  @InText({ description: 'The device on the host.', ...HOST_DEVICE_PATH, example: '/dev/sda' })
  path!: string;

  @InInteger({
    description: 'Bytes or operations per second, as the field says that holds it.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  })
  rate!: number;
}
