import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { type Page, PageQuery, paginate } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { type PermissionDescription, PermissionPage, type Role, RolePage } from './role.model.js';
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
