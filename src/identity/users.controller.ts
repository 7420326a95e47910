import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import type { Page } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { CreateUserInput, ListUsersQuery, UpdateUserInput, UserPath } from './user.inputs.js';
import { User, UserPage } from './user.model.js';
import { UserManagement } from './user-management.service.js';

@ApiTags('users')
@Controller('api/v1/users')
export class UsersController {
  constructor(private readonly users: UserManagement) {}

  @Get()
  @ApiOperation({ summary: 'List users, by username' })
  @ApiOkResponse({ type: UserPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(
    @CurrentActor() actor: Actor,
    @Query() { limit, after, ...filter }: ListUsersQuery,
  ): Promise<Page<User>> {
    return this.users.list(actor, filter, { limit, after });
  }

  @Post()
  @ApiOperation({ summary: 'Create a user' })
  @ApiCreatedResponse({ type: User })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Body() input: CreateUserInput,
    @Query() options: DryRunQuery,
  ): Promise<User> {
    return this.users.create(actor, input, options);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a user' })
  @ApiOkResponse({ type: User })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: UserPath): Promise<User> {
    return this.users.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change, disable or enable a user, or set its password',
    description: 'Only of a user who may do no more than you.',
  })
  @ApiOkResponse({ type: User })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: UserPath,
    @Body() input: UpdateUserInput,
  ): Promise<User> {
    return this.users.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a user, with its sessions, API tokens, memberships and role bindings',
    description: 'Only a user who may do no more than you. What it owned belongs to nobody.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  delete(@CurrentActor() actor: Actor, @Param() { id }: UserPath): Promise<void> {
    return this.users.delete(actor, id);
  }
}
