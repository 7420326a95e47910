import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { CreateTeamInput, TeamMemberPath, TeamPath, UpdateTeamInput } from './team.inputs.js';
import { Team, type TeamMember, TeamMemberPage, TeamPage } from './team.model.js';
import { TeamManagement } from './team-management.service.js';

@ApiTags('teams')
@Controller('api/v1/teams')
export class TeamsController {
  constructor(private readonly teams: TeamManagement) {}

  @Get()
  @ApiOperation({ summary: 'List teams, by name' })
  @ApiOkResponse({ type: TeamPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<Team>> {
    return this.teams.list(actor, page);
  }

  @Post()
  @ApiOperation({ summary: 'Create a team' })
  @ApiCreatedResponse({ type: Team })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Body() input: CreateTeamInput,
    @Query() options: DryRunQuery,
  ): Promise<Team> {
    return this.teams.create(actor, input, options);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a team' })
  @ApiOkResponse({ type: Team })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: TeamPath): Promise<Team> {
    return this.teams.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a team', description: 'Only one that may do no more than you.' })
  @ApiOkResponse({ type: Team })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: TeamPath,
    @Body() input: UpdateTeamInput,
  ): Promise<Team> {
    return this.teams.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a team, with its role bindings',
    description: 'Only one that may do no more than you. What it owned belongs to nobody.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  delete(@CurrentActor() actor: Actor, @Param() { id }: TeamPath): Promise<void> {
    return this.teams.delete(actor, id);
  }

  @Get(':id/members')
  @ApiOperation({ summary: 'List the members of a team, by username' })
  @ApiOkResponse({ type: TeamMemberPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  members(
    @CurrentActor() actor: Actor,
    @Param() { id }: TeamPath,
    @Query() page: PageQuery,
  ): Promise<Page<TeamMember>> {
    return this.teams.listMembers(actor, id, page);
  }

  @Put(':id/members/:userId')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Add a user to a team',
    description: 'Only to a team that may do no more than you. One that is a member stays one.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  addMember(@CurrentActor() actor: Actor, @Param() { id, userId }: TeamMemberPath): Promise<void> {
    return this.teams.addMember(actor, id, userId);
  }

  @Delete(':id/members/:userId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a user from a team' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  removeMember(@CurrentActor() actor: Actor, @Param() { id, userId }: TeamMemberPath): Promise<void> {
    return this.teams.removeMember(actor, id, userId);
  }
}
