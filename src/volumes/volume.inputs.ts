import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InText, InTextMap } from '../common/input-fields.js';
import { InPrunedLabels } from '../common/list-inputs.js';
import { InVolumeName } from './volume-paths.js';

const LABELS = {
  description: 'Labels.',
  maxEntries: 256,
  maxKey: 256,
  maxValue: 4_096,
  optional: true,
} as const;

@InputType({ description: 'A volume to make.' })
export class CreateVolumeInput {
  @InVolumeName('The name, of at least two characters. Default: one that the engine makes up.', {
    optional: true,
    min: 2,
  })
  name?: string;

  @InText({
    description: 'The volume driver. Default `local`.',
    max: 255,
    min: 1,
    optional: true,
    example: 'local',
  })
  driver?: string;

  @InTextMap({
    description: 'Options that the driver understands. Which of them you may use your security level says.',
    maxEntries: 64,
    maxKey: 128,
    maxValue: 4_096,
    optional: true,
  })
  driverOptions?: Record<string, string>;

  @InTextMap(LABELS)
  labels?: Record<string, string>;
}

export const AVAILABILITIES = ['active', 'pause', 'drain'] as const;

@InputType({
  description: 'What to change of a cluster volume. Engines can change nothing else of a volume.',
})
export class UpdateVolumeInput {
  @InChoice({
    description:
      '`active`: it can be used. `pause`: it is given to no new task. `drain`: it is taken from those that have it.',
    values: AVAILABILITIES,
  })
  availability!: (typeof AVAILABILITIES)[number];

  @InInteger({
    description: 'The version that is changed, so that no other change is lost. Default: the one there is.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
  })
  version?: number;
}

@InputType({ description: 'How to remove a volume.' })
export class RemoveVolumeInput {
  @InBoolean({
    description: 'Whether to remove it also where its driver is gone. One in use stays in any case.',
    optional: true,
    fromText: true,
  })
  force?: boolean;
}

@InputType({ description: 'Which of the volumes that no container has to remove.' })
export class PruneVolumesInput {
  @InPrunedLabels()
  label?: string[];

  @InBoolean({
    description: 'Whether to remove those that were given a name, too. Default: only those without one.',
    optional: true,
  })
  named?: boolean;
}

@InputType({ description: 'The volume to copy into.' })
export class CloneVolumeInput {
  @InVolumeName('The name of the new volume. There must be none of this name.', { min: 2 })
  name!: string;

  @InTextMap({ ...LABELS, description: 'Labels of the new volume. Default: those of the one copied.' })
  labels?: Record<string, string>;

  @InBoolean({
    description:
      'Whether to pause the containers that run with it while it is copied; that needs `containers:pause` and `containers:unpause` on each. Default: false.',
    optional: true,
  })
  pause?: boolean;
}
