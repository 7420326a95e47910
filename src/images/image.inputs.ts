import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InInteger, InText } from '../common/input-fields.js';
import { InPrunedLabels } from '../common/list-inputs.js';
import { IMAGE_REFERENCE, InEngineName, InImage } from '../common/references.js';
import { InPointInTime } from '../containers/engine-time.js';
import { CHANGES, InNewImageName, InPlatform } from './image-fields.js';

const REGISTRY = {
  description:
    'The id of a stored registry whose credentials to use. Default: those stored for its host, as far as you may use them.',
  max: 64,
  min: 1,
  optional: true,
} as const;
const USERNAME = {
  description: 'A name to sign in to the registry with, instead of stored credentials. Kept nowhere.',
  max: 255,
  min: 1,
  optional: true,
} as const;
const PASSWORD = {
  description: 'The password, or token, that goes with `username`. Kept nowhere.',
  max: 16_384,
  min: 1,
  optional: true,
} as const;

@InputType({ description: 'An image to pull.' })
export class PullImageInput {
  @InImage('Its name in its registry: with a tag or digest, or the one tagged `latest`.')
  image!: string;

  @InPlatform('Which of the images of that name, where there are several. Default: the one for the engine.')
  platform?: string;

  @InText(REGISTRY)
  registry?: string;

  @InText(USERNAME)
  username?: string;

  @InText(PASSWORD)
  password?: string;
}

@InputType({ description: 'How to push an image.' })
export class PushImageInput {
  @InText(REGISTRY)
  registry?: string;

  @InText(USERNAME)
  username?: string;

  @InText(PASSWORD)
  password?: string;
}

@InputType({ description: 'Another name for an image.' })
export class TagImageInput {
  @InNewImageName('The name, with `:latest` where it has no tag. An image that has it loses it.')
  name!: string;
}

@InputType({ description: 'How to remove an image.' })
export class RemoveImageInput {
  @InBoolean({
    description:
      'Whether to remove an image, given by id, also where it has several names or a stopped container was made of it. Default: false.',
    optional: true,
    fromText: true,
  })
  force?: boolean;

  @InBoolean({
    description: 'Whether to leave what it was built upon, though that has no name. Default: false.',
    optional: true,
    fromText: true,
  })
  noPrune?: boolean;
}

@InputType({ description: 'Which unused images to remove.' })
export class PruneImagesInput {
  @InBoolean({
    description:
      'Whether to remove all that no container was made of. Default: only those that have no name with a tag.',
    optional: true,
  })
  all?: boolean;

  @InPrunedLabels()
  label?: string[];

  @InPointInTime('Only images made before this.')
  until?: string;
}

@InputType({ description: 'What of the build cache to remove.' })
export class PruneBuildCacheInput {
  @InBoolean({
    description: 'Whether to remove all of it. Default: what images do not depend on.',
    optional: true,
  })
  all?: boolean;

  @InInteger({
    description: 'Bytes of it to leave. Default: none.',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    optional: true,
  })
  keepBytes?: number;

  @InPointInTime('Only what was last used before this.')
  until?: string;
}

/** What to look for in a registry. */
@ArgsType()
export class SearchImagesQuery {
  @InText({
    description: 'What to look for; after the name of a registry and a slash, in that registry.',
    max: 255,
    min: 1,
    pattern: /^[a-zA-Z0-9[][a-zA-Z0-9._:/[\]-]*$/,
    patternHint: 'a word to look for: letters, digits and "._:/-"',
    example: 'nginx',
  })
  term!: string;

  @InInteger({
    description: 'How many to answer with at most. Default 25.',
    min: 1,
    max: 100,
    optional: true,
    fromText: true,
  })
  limit?: number;

  @InBoolean({
    description: 'Whether to tell only of those that the registry vouches for.',
    optional: true,
    fromText: true,
  })
  official?: boolean;

  @InInteger({
    description: 'Only what so many people like.',
    min: 0,
    max: 1_000_000,
    optional: true,
    fromText: true,
  })
  stars?: number;
}

/** The arguments of GraphQL's `searchImages`. */
@ArgsType()
export class SearchImagesArgs extends SearchImagesQuery {
  @InEngineName()
  engine!: string;
}

/** Which images to save into one archive. */
export class SaveImagesQuery {
  @InText({
    description:
      'Names or ids of the images; several times for several. A name brings that name along, an id none.',
    max: 520,
    min: 1,
    pattern: IMAGE_REFERENCE,
    patternHint: 'an image: name, name:tag, name@digest or an id',
    list: { min: 1, max: 64 },
    fromText: true,
    example: ['team/app:v1'],
  })
  name!: string[];
}

/** What to make of an archive of a file system. */
export class ImportImageQuery {
  @InNewImageName('The name of the new image, with `:latest` where it has no tag. Default: none.', {
    optional: true,
  })
  name?: string;

  @InText({ description: 'What to remark.', max: 1_024, optional: true })
  message?: string;

  @InText(CHANGES)
  change?: string[];

  @InPlatform('What it is for. Default: what the engine is for.')
  platform?: string;
}
