import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice } from '../common/input-fields.js';
import { InPrunedLabels } from '../common/list-inputs.js';
import { InPointInTime } from '../containers/engine-time.js';

export const PRUNE_KINDS = ['containers', 'networks', 'volumes', 'images', 'buildCache'] as const;
export type PruneKind = (typeof PRUNE_KINDS)[number];

@InputType({ description: 'What to remove of all that is not in use.' })
export class SystemPruneInput {
  @InChoice({
    description:
      'Of which kinds. Default: all but volumes, whose data would be lost: containers, networks, images, buildCache.',
    values: PRUNE_KINDS,
    list: { max: PRUNE_KINDS.length, min: 1 },
    optional: true,
  })
  kinds?: PruneKind[];

  @InBoolean({
    description: 'Also images that have a name, and build cache that a build may use. Default: false.',
    optional: true,
  })
  allImages?: boolean;

  @InBoolean({ description: 'Also volumes that were given a name. Default: false.', optional: true })
  allVolumes?: boolean;

  @InPrunedLabels(
    'Only with labels that meet all of these selectors: `key`, `key=value`, `key!=value`, `!key`, `key in (a, b)`. Build cache has none, and stays.',
  )
  label?: string[];

  @InPointInTime('Only what was created before this. Volumes too, where they tell.')
  until?: string;

  @InBoolean({
    description:
      'Remove nothing, and answer with what would go as far as it is not in use then. Default: false.',
    optional: true,
  })
  dryRun?: boolean;
}
