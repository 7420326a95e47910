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
import { CurrentActor } from '../identity/authentication.guard.js';
import { BindingManagementService } from './binding-management.service.js';
import {
  CreateRoleBindingInput,
  ListRoleBindingsQuery,
  RoleBindingPath,
  UpdateRoleBindingInput,
} from './role-binding.inputs.js';
import { RoleBinding, RoleBindingPage } from './role-binding.model.js';

const ESCALATION = 'You may give only what you have yourself: as widely, and up to that security level.';

@ApiTags('access')
@Controller('api/v1/role-bindings')
export class RoleBindingsController {
  constructor(private readonly bindings: BindingManagementService) {}

  @Get()
  @ApiOperation({ summary: 'List role bindings, oldest first' })
  @ApiOkResponse({ type: RoleBindingPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() query: ListRoleBindingsQuery): Promise<Page<RoleBinding>> {
    return this.bindings.list(actor, query, query);
  }

  @Post()
  @ApiOperation({ summary: 'Give a role to somebody', description: ESCALATION })
  @ApiCreatedResponse({ type: RoleBinding })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateRoleBindingInput,
  ): Promise<RoleBinding> {
    return this.bindings.create(actor, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a role binding' })
  @ApiOkResponse({ type: RoleBinding })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: RoleBindingPath): Promise<RoleBinding> {
    return this.bindings.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change the scope or security level of a role binding', description: ESCALATION })
  @ApiOkResponse({ type: RoleBinding })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: RoleBindingPath,
    @Body() input: UpdateRoleBindingInput,
  ): Promise<RoleBinding> {
    return this.bindings.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Take a role from somebody',
    description: 'Streams and terminals that it carried end within 5 seconds. An admin has to stay.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  delete(@CurrentActor() actor: Actor, @Param() { id }: RoleBindingPath): Promise<void> {
    return this.bindings.delete(actor, id);
  }
}
