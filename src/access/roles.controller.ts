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
import { type Page, PageQuery, paginate } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { CreateRoleInput, RolePath, UpdateRoleInput } from './role.inputs.js';
import { type PermissionDescription, PermissionPage, Role, RolePage } from './role.model.js';
import { RolesService } from './roles.service.js';

@ApiTags('access')
@Controller('api/v1')
export class RolesController {
  constructor(private readonly access: RolesService) {}

  @Get('roles')
  @ApiOperation({ summary: 'List roles, by name' })
  @ApiOkResponse({ type: RolePage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  async roles(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<Role>> {
    return paginate(await this.access.roles(actor), ({ name }) => [name, name], query);
  }

  @Post('roles')
  @ApiOperation({
    summary: 'Make a role',
    description: 'It may hold only permissions that you hold yourself, on all engines and everything there.',
  })
  @ApiCreatedResponse({ type: Role })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateRoleInput,
  ): Promise<Role> {
    return this.access.create(actor, input, query);
  }

  @Get('roles/:name')
  @ApiOperation({ summary: 'See a role' })
  @ApiOkResponse({ type: Role })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  role(@CurrentActor() actor: Actor, @Param() { name }: RolePath): Promise<Role> {
    return this.access.role(actor, name);
  }

  @Patch('roles/:name')
  @ApiOperation({
    summary: 'Change a role',
    description:
      'Holds at once for all who have the role. Permissions that you add you have to hold yourself, wherever it is bound.',
  })
  @ApiOkResponse({ type: Role })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { name }: RolePath,
    @Body() input: UpdateRoleInput,
  ): Promise<Role> {
    return this.access.update(actor, name, input);
  }

  @Delete('roles/:name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a role that nobody has' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  delete(@CurrentActor() actor: Actor, @Param() { name }: RolePath): Promise<void> {
    return this.access.delete(actor, name);
  }

  @Get('permissions')
  @ApiOperation({ summary: 'List all permissions that there are, by name' })
  @ApiOkResponse({ type: PermissionPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  async permissions(
    @CurrentActor() actor: Actor,
    @Query() query: PageQuery,
  ): Promise<Page<PermissionDescription>> {
    return paginate(await this.access.permissions(actor), ({ name }) => [name, name], query);
  }
}
