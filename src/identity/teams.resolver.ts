import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { CurrentActor } from './authentication.guard.js';
import { CreateTeamInput, TeamMemberPath, TeamPath, UpdateTeamInput } from './team.inputs.js';
import { Team, TeamConnection, TeamMemberConnection, teamMemberSortKey, teamSortKey } from './team.model.js';
import { TeamManagement } from './team-management.service.js';

@Resolver()
export class TeamsResolver {
  constructor(private readonly teams: TeamManagement) {}

  @Query(() => TeamConnection, { name: 'teams', description: 'The teams, by name.' })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.teams.list(actor, { limit: first, after }), teamSortKey);
  }

  @Query(() => Team, { name: 'team', description: 'One team.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: TeamPath): Promise<Team> {
    return this.teams.get(actor, id);
  }

  @Query(() => TeamMemberConnection, {
    name: 'teamMembers',
    description: 'The members of a team, by username.',
  })
  async members(
    @CurrentActor() actor: Actor,
    @Args() { id }: TeamPath,
    @Args() { first, after }: ConnectionArgs,
  ) {
    return toConnection(await this.teams.listMembers(actor, id, { limit: first, after }), teamMemberSortKey);
  }

  @Mutation(() => Team, { name: 'createTeam', description: 'Creates a team.' })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateTeamInput,
    @Args() options: DryRunQuery,
  ): Promise<Team> {
    return this.teams.create(actor, input, options);
  }

  @Mutation(() => Team, { name: 'updateTeam', description: 'Changes a team that may do no more than you.' })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: TeamPath,
    @Args('input') input: UpdateTeamInput,
  ): Promise<Team> {
    return this.teams.update(actor, id, input);
  }

  @Mutation(() => Boolean, {
    name: 'deleteTeam',
    description: 'Deletes a team that may do no more than you, with its role bindings.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: TeamPath): Promise<boolean> {
    await this.teams.delete(actor, id);
    return true;
  }

  @Mutation(() => Boolean, {
    name: 'addTeamMember',
    description: 'Adds a user to a team that may do no more than you.',
  })
  async addMember(@CurrentActor() actor: Actor, @Args() { id, userId }: TeamMemberPath): Promise<boolean> {
    await this.teams.addMember(actor, id, userId);
    return true;
  }

  @Mutation(() => Boolean, { name: 'removeTeamMember', description: 'Removes a user from a team.' })
  async removeMember(@CurrentActor() actor: Actor, @Args() { id, userId }: TeamMemberPath): Promise<boolean> {
    await this.teams.removeMember(actor, id, userId);
    return true;
  }
}
