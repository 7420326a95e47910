import { ArgsType, InputType } from '@nestjs/graphql';
import { InText } from '../common/input-fields.js';
import { InId } from './id-field.js';
import { InDescription, InName } from './name-fields.js';

@InputType({ description: 'A team to create.' })
export class CreateTeamInput {
  @InName('Its name; kept in lower case.', 'web')
  name!: string;

  @InDescription()
  description?: string;
}

@InputType({ description: 'What to change about a team; what is left out stays.' })
export class UpdateTeamInput {
  @InName('Its name; kept in lower case.', 'web', { optional: true })
  name?: string;

  @InText({ description: 'What it is for.', max: 500, optional: true })
  description?: string;
}

/** What the path `/teams/{id}` carries. */
@ArgsType()
export class TeamPath {
  @InId('The id of the team.')
  id!: string;
}

/** What the path `/teams/{id}/members/{userId}` carries. */
@ArgsType()
export class TeamMemberPath extends TeamPath {
  @InId('The id of the user.')
  userId!: string;
}
