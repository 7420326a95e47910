import { ArgsType, InputType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import type { FreshQuery } from '../common/freshness.js';
import { InBoolean, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { InEngineName } from '../common/references.js';

/** Each filter is stated once, for the REST query and the GraphQL input. */
const NAME = { description: 'With this in the name.', max: 255, min: 1, optional: true } as const;
const DRIVER = { description: 'Of this volume driver.', max: 255, min: 1, optional: true } as const;
const LABEL = {
  description:
    'With labels that meet all of these selectors: `key`, `key=value`, `key!=value`, `!key`, `key in (a, b)`.',
  max: 1_024,
  min: 1,
  list: { max: 32 },
  optional: true,
  fromText: true,
  example: ['com.example.team=web'],
} as const;
const DANGLING = {
  description:
    'Whether no container that you may see has it, running or not; false for those that one has. Not for watching.',
  optional: true,
  fromText: true,
} as const;
const FRESH = {
  description:
    'Ask the engine instead of answering from memory, which is milliseconds behind it. Default: false.',
  optional: true,
  fromText: true,
} as const;

@InputType({ description: 'Which volumes to list. All that is given must hold.' })
export class VolumeFilter {
  @InText(NAME)
  name?: string;

  @InText(DRIVER)
  driver?: string;

  @InText(LABEL)
  label?: string[];

  @InBoolean(DANGLING)
  dangling?: boolean;
}

/** The query of `GET …/volumes`. */
export class ListVolumesQuery extends PageQuery implements VolumeFilter, FreshQuery {
  @InText(NAME)
  name?: string;

  @InText(DRIVER)
  driver?: string;

  @InText(LABEL)
  label?: string[];

  @InBoolean(DANGLING)
  dangling?: boolean;

  @InBoolean(FRESH)
  fresh?: boolean;

  @InBoolean({
    description: 'Whether to answer with a stream of what changes instead of a page. Default: false.',
    optional: true,
    fromText: true,
  })
  watch?: boolean;
}

/** The arguments of GraphQL's `volumes`. */
@ArgsType()
export class VolumesArgs extends ConnectionArgs {
  @InEngineName()
  engine!: string;

  @InObject(() => VolumeFilter, { description: 'Which volumes. Default: all.', optional: true })
  filter?: VolumeFilter;

  @InBoolean(FRESH)
  fresh?: boolean;
}

/** The arguments of GraphQL's `volumeChanged`. */
@ArgsType()
export class VolumeChangedArgs extends EnginePath {
  @InObject(() => VolumeFilter, { description: 'Which volumes. Default: all.', optional: true })
  filter?: VolumeFilter;

  @InText({
    description: 'The `revision` of the last change that you know, to be told only of what changed since.',
    max: 64,
    optional: true,
  })
  after?: string;
}
