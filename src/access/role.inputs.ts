import { ArgsType, InputType } from '@nestjs/graphql';
import { InText } from '../common/input-fields.js';

/** Lower case, so that no two roles look alike. */
const ROLE_NAME = /^[a-z][a-z0-9-]{0,62}$/;

/** The input field that names a role. */
export const InRoleName = (description: string, options: { optional?: boolean } = {}): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 63,
    pattern: ROLE_NAME,
    patternHint: 'a role name: a lower-case letter, then lower-case letters, digits and "-"',
    example: 'log-reader',
    ...options,
  });

const DESCRIPTION = {
  description: 'What its holder may do, in a sentence.',
  max: 500,
  optional: true,
  example: 'Reads logs',
} as const;
const PERMISSIONS = {
  description: 'Its permissions, with `*` for either side: `containers:logs`, `containers:*`, `*:list`.',
  min: 3,
  max: 100,
  list: { min: 1, max: 500 },
  example: ['containers:list', 'containers:logs'],
} as const;

@InputType({ description: 'A role to make. It may hold only what you hold yourself, on everything.' })
export class CreateRoleInput {
  @InRoleName('Its name, which stays.')
  name!: string;

  @InText(DESCRIPTION)
  description?: string;

  @InText(PERMISSIONS)
  permissions!: string[];
}

@InputType({ description: 'What to change of a role. What is left out stays.' })
export class UpdateRoleInput {
  @InText(DESCRIPTION)
  description?: string;

  @InText({ ...PERMISSIONS, optional: true })
  permissions?: string[];
}

/** What the path `/roles/{name}` carries. */
@ArgsType()
export class RolePath {
  @InRoleName('The name of the role.')
  name!: string;
}
