import { ArgsType } from '@nestjs/graphql';
import { InId } from './id-field.js';

/** What the path `/me/sessions/{id}` carries. */
@ArgsType()
export class SessionPath {
  @InId('The id of the session.')
  id!: string;
}

/** What the path `/users/{id}/sessions/{sessionId}` carries. */
@ArgsType()
export class UserSessionPath {
  @InId('The id of the user.')
  id!: string;

  @InId('The id of the session.')
  sessionId!: string;
}
