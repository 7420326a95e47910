import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, type Page, PageOf, type SortKey } from '../common/pagination.js';
import type { TeamMembership } from './team-members.service.js';
import type { StoredTeam } from './teams.service.js';

@ObjectType({ description: 'Users who have the same role bindings.' })
export class Team {
  @OutText('Its id.')
  id!: string;

  @OutText('Its name, in lower case.')
  name!: string;

  @OutText('What it is for.')
  description!: string;

  @OutTime('When it was created.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

@ObjectType({ description: 'A user as a member of a team.' })
export class TeamMember {
  @OutText("The user's id.")
  id!: string;

  @OutText('What the user signs in with.')
  username!: string;

  @OutText('What people call the user; null where nobody said.', { nullable: true })
  displayName!: string | null;

  @OutTime('When the user was added.')
  addedAt!: string;
}

export class TeamPage extends PageOf(Team) {}
export class TeamMemberPage extends PageOf(TeamMember) {}

/** Pages in GraphQL. */
export const TeamConnection = ConnectionOf(Team);
export const TeamMemberConnection = ConnectionOf(TeamMember);

export function toTeamModel({ id, name, description, createdAt, updatedAt }: StoredTeam): Team {
  return { id, name, description, createdAt: toDateTime(createdAt), updatedAt: toDateTime(updatedAt) };
}

export function toTeamPage(page: Page<StoredTeam>): Page<Team> {
  return { ...page, items: page.items.map(toTeamModel) };
}

export function toTeamMemberPage(page: Page<TeamMembership>): Page<TeamMember> {
  const items = page.items.map(({ addedAt, ...member }) => ({ ...member, addedAt: toDateTime(addedAt) }));
  return { ...page, items };
}

/** What teams are sorted by, ascending. */
export function teamSortKey({ name, id }: Team): SortKey {
  return [name, id];
}

/** What the members of a team are sorted by, ascending. */
export function teamMemberSortKey({ username, id }: TeamMember): SortKey {
  return [username, id];
}
