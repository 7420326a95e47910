import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InText } from '../common/input-fields.js';
import {
  ChangedArgsOf,
  InLabelFilter,
  InNameFilter,
  ListArgsOf,
  ListQueryOf,
} from '../common/list-inputs.js';

@InputType({ description: 'Which volumes to list. All that is given must hold.' })
export class VolumeFilter {
  @InNameFilter()
  name?: string;

  @InText({ description: 'Of this volume driver.', max: 255, min: 1, optional: true })
  driver?: string;

  @InLabelFilter()
  label?: string[];

  @InBoolean({
    description:
      'Whether no container that you may see has it, running or not; false for those that one has. Not for watching.',
    optional: true,
    fromText: true,
  })
  dangling?: boolean;
}

/** The query of `GET …/volumes`. */
export class ListVolumesQuery extends ListQueryOf(VolumeFilter) {}

/** The arguments of GraphQL's `volumes`. */
@ArgsType()
export class VolumesArgs extends ListArgsOf(VolumeFilter, 'volumes') {}

/** The arguments of GraphQL's `volumeChanged`. */
@ArgsType()
export class VolumeChangedArgs extends ChangedArgsOf(VolumeFilter, 'volumes') {}
