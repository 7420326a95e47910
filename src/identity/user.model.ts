import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, type Page, PageOf, type SortKey } from '../common/pagination.js';
import type { User as StoredUser } from './users.service.js';

@ObjectType({ description: 'Somebody who signs in.' })
export class User {
  @OutText('Its id.')
  id!: string;

  @OutText('What it signs in with, in lower case.')
  username!: string;

  @OutText('What people call the user; null where nobody said.', { nullable: true })
  displayName!: string | null;

  @OutBoolean('Whether it is turned away.')
  disabled!: boolean;

  @OutTime('When it was created.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

export class UserPage extends PageOf(User) {}

/** A page of users in GraphQL. */
export const UserConnection = ConnectionOf(User);

export function toUserModel({ id, username, displayName, disabled, ...user }: StoredUser): User {
  return {
    id,
    username,
    displayName,
    disabled,
    createdAt: toDateTime(user.createdAt),
    updatedAt: toDateTime(user.updatedAt),
  };
}

export function toUserPage(page: Page<StoredUser>): Page<User> {
  return { ...page, items: page.items.map(toUserModel) };
}

/** What users are sorted by, ascending. */
export function userSortKey({ username, id }: Pick<User, 'username' | 'id'>): SortKey {
  return [username, id];
}
