import { ArgsType, InputType } from '@nestjs/graphql';
import { InBoolean, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { InId } from './id-field.js';
import { InName } from './name-fields.js';
import { MAX_PASSWORD_INPUT, MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from './password-policy.js';
import type { NewUser, UserChanges, UserFilter } from './users.service.js';

const PASSWORD = {
  description: `${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, not the username.`,
  min: 1,
  max: MAX_PASSWORD_INPUT,
  example: 'correct horse battery',
} as const;
const MAX_DISPLAY_NAME = 100;

@InputType({
  description: 'A user to create. It may do nothing until it has a role binding or joins a team.',
})
export class CreateUserInput implements NewUser {
  @InName('What the user signs in with; kept in lower case.', 'alice')
  username!: string;

  @InText({
    description: 'What people call the user. Default: nothing.',
    max: MAX_DISPLAY_NAME,
    optional: true,
    example: 'Alice Example',
  })
  displayName?: string;

  @InText(PASSWORD)
  password!: string;
}

@InputType({ description: 'What to change about a user; what is left out stays.' })
export class UpdateUserInput implements UserChanges {
  @InText({
    description: 'What people call the user. An empty text takes it away.',
    max: MAX_DISPLAY_NAME,
    optional: true,
    example: 'Alice Example',
  })
  displayName?: string;

  @InBoolean({
    description: 'Whether the user is turned away. Disabling ends its sessions and refuses its API tokens.',
    optional: true,
  })
  disabled?: boolean;

  @InText({ ...PASSWORD, description: `${PASSWORD.description} Ends all sessions.`, optional: true })
  password?: string;
}

const USERNAME_FILTER = {
  description: 'Whose username begins with this, in any case.',
  min: 1,
  max: 64,
  optional: true,
} as const;
const DISABLED_FILTER = {
  description: 'Only the disabled ones, or only the others. Default: all.',
  optional: true,
} as const;

@InputType({ description: 'Which users to list. All that is given must hold.' })
export class UserFilterInput implements UserFilter {
  @InText(USERNAME_FILTER)
  username?: string;

  @InBoolean(DISABLED_FILTER)
  disabled?: boolean;
}

/** The query of `GET /users`. */
export class ListUsersQuery extends PageQuery implements UserFilterInput {
  @InText(USERNAME_FILTER)
  username?: string;

  @InBoolean({ ...DISABLED_FILTER, fromText: true })
  disabled?: boolean;
}

/** The arguments of GraphQL's `users`. */
@ArgsType()
export class UsersArgs extends ConnectionArgs {
  @InObject(() => UserFilterInput, { description: 'Which users. Default: all.', optional: true })
  filter?: UserFilterInput;
}

/** What the path `/users/{id}` carries. */
@ArgsType()
export class UserPath {
  @InId('The id of the user.')
  id!: string;
}
