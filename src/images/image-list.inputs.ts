import { ArgsType, InputType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import type { FreshQuery } from '../common/freshness.js';
import { InBoolean, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { IMAGE_REFERENCE, InEngineName } from '../common/references.js';

/** Each filter is stated once, for the REST query and the GraphQL input. */
const REFERENCE = {
  description:
    'With a name that meets one of these patterns: `team/*`, `app:v?`. `*` stands for anything but a slash, `?` for one character.',
  max: 520,
  min: 1,
  list: { max: 32 },
  optional: true,
  fromText: true,
  example: ['team/*'],
} as const;
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
  description: 'Whether it has no name with a tag.',
  optional: true,
  fromText: true,
} as const;
const USED = {
  description: 'Whether a container that you may see was made of it, running or not. Not for watching.',
  optional: true,
  fromText: true,
} as const;
const BOUND = {
  max: 520,
  min: 1,
  pattern: IMAGE_REFERENCE,
  patternHint: 'an image: name, name:tag, name@digest or an id',
  optional: true,
  example: 'team/app:v1',
} as const;
const SINCE = { ...BOUND, description: 'Made later than this image. Not for watching.' } as const;
const BEFORE = { ...BOUND, description: 'Made earlier than this image. Not for watching.' } as const;
const FRESH = {
  description:
    'Ask the engine instead of answering from memory, which is milliseconds behind it. Default: false.',
  optional: true,
  fromText: true,
} as const;

@InputType({ description: 'Which images to list. All that is given must hold.' })
export class ImageFilter {
  @InText(REFERENCE)
  reference?: string[];

  @InText(LABEL)
  label?: string[];

  @InBoolean(DANGLING)
  dangling?: boolean;

  @InBoolean(USED)
  used?: boolean;

  @InText(SINCE)
  since?: string;

  @InText(BEFORE)
  before?: string;
}

/** The query of `GET …/images`. */
export class ListImagesQuery extends PageQuery implements ImageFilter, FreshQuery {
  @InText(REFERENCE)
  reference?: string[];

  @InText(LABEL)
  label?: string[];

  @InBoolean(DANGLING)
  dangling?: boolean;

  @InBoolean(USED)
  used?: boolean;

  @InText(SINCE)
  since?: string;

  @InText(BEFORE)
  before?: string;

  @InBoolean(FRESH)
  fresh?: boolean;

  @InBoolean({
    description: 'Whether to answer with a stream of what changes instead of a page. Default: false.',
    optional: true,
    fromText: true,
  })
  watch?: boolean;
}

/** The arguments of GraphQL's `images`. */
@ArgsType()
export class ImagesArgs extends ConnectionArgs {
  @InEngineName()
  engine!: string;

  @InObject(() => ImageFilter, { description: 'Which images. Default: all.', optional: true })
  filter?: ImageFilter;

  @InBoolean(FRESH)
  fresh?: boolean;
}

/** The arguments of GraphQL's `imageChanged`. */
@ArgsType()
export class ImageChangedArgs extends EnginePath {
  @InObject(() => ImageFilter, { description: 'Which images. Default: all.', optional: true })
  filter?: ImageFilter;

  @InText({
    description: 'The `revision` of the last change that you know, to be told only of what changed since.',
    max: 64,
    optional: true,
  })
  after?: string;
}
