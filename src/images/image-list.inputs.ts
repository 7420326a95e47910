import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InText } from '../common/input-fields.js';
import { ChangedArgsOf, InLabelFilter, ListArgsOf, ListQueryOf } from '../common/list-inputs.js';
import { IMAGE_REFERENCE } from '../common/references.js';

const BOUND = {
  max: 520,
  min: 1,
  pattern: IMAGE_REFERENCE,
  patternHint: 'an image: name, name:tag, name@digest or an id',
  optional: true,
  example: 'team/app:v1',
} as const;

@InputType({ description: 'Which images to list. All that is given must hold.' })
export class ImageFilter {
  @InText({
    description:
      'With a name that meets one of these patterns: `team/*`, `app:v?`. `*` stands for anything but a slash, `?` for one character.',
    max: 520,
    min: 1,
    list: { max: 32 },
    optional: true,
    fromText: true,
    example: ['team/*'],
  })
  reference?: string[];

  @InLabelFilter()
  label?: string[];

  @InBoolean({
    description: 'Whether it has no name with a tag.',
    optional: true,
    fromText: true,
  })
  dangling?: boolean;

  @InBoolean({
    description: 'Whether a container that you may see was made of it, running or not. Not for watching.',
    optional: true,
    fromText: true,
  })
  used?: boolean;

  @InText({ ...BOUND, description: 'Made later than this image. Not for watching.' })
  since?: string;

  @InText({ ...BOUND, description: 'Made earlier than this image. Not for watching.' })
  before?: string;
}

/** The query of `GET …/images`. */
export class ListImagesQuery extends ListQueryOf(ImageFilter) {}

/** The arguments of GraphQL's `images`. */
@ArgsType()
export class ImagesArgs extends ListArgsOf(ImageFilter, 'images') {}

/** The arguments of GraphQL's `imageChanged`. */
@ArgsType()
export class ImageChangedArgs extends ChangedArgsOf(ImageFilter, 'images') {}
