import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { type AutomationRun, AutomationRunPage } from '../automation/automation-run.model.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { CreateHookInput, HookPath, UpdateHookInput } from './hook.inputs.js';
import { Hook, HookPage, HookWithToken } from './hook.model.js';
import { HooksService } from './hooks.service.js';

const ON_ONE = ['invalid_input', 'unauthenticated', 'forbidden', 'not_found'] as const;
const AT_LEAST = 'Only with a service account that may do no more than you.';

@ApiTags('hooks')
@Controller('api/v1/hooks')
export class HooksController {
  constructor(private readonly hooks: HooksService) {}

  @Get()
  @ApiOperation({ summary: 'List hooks, by name' })
  @ApiOkResponse({ type: HookPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<Hook>> {
    return this.hooks.list(actor, page);
  }

  @Post()
  @ApiOperation({
    summary: 'Make a hook',
    description: `${AT_LEAST} Its token, and a secret that was made up, are in this answer only.`,
  })
  @ApiCreatedResponse({ type: HookWithToken })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateHookInput,
  ): Promise<HookWithToken> {
    return this.hooks.create(actor, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a hook' })
  @ApiOkResponse({ type: Hook })
  @ApiProblems(...ON_ONE)
  get(@CurrentActor() actor: Actor, @Param() { id }: HookPath): Promise<Hook> {
    return this.hooks.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a hook; its token stays', description: AT_LEAST })
  @ApiOkResponse({ type: HookWithToken })
  @ApiProblems(...ON_ONE, 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: HookPath,
    @Body() input: UpdateHookInput,
  ): Promise<HookWithToken> {
    return this.hooks.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a hook, with the record of its runs' })
  @ApiNoContentResponse()
  @ApiProblems(...ON_ONE)
  delete(@CurrentActor() actor: Actor, @Param() { id }: HookPath): Promise<void> {
    return this.hooks.delete(actor, id);
  }

  @Post(':id/token')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Give a hook another token, in place of the one that it has',
    description: AT_LEAST,
  })
  @ApiOkResponse({ type: HookWithToken })
  @ApiProblems(...ON_ONE, 'conflict')
  rotateToken(@CurrentActor() actor: Actor, @Param() { id }: HookPath): Promise<HookWithToken> {
    return this.hooks.rotateToken(actor, id);
  }

  @Get(':id/runs')
  @ApiOperation({ summary: 'List what calls of a hook have led to, newest first' })
  @ApiOkResponse({ type: AutomationRunPage })
  @ApiProblems(...ON_ONE)
  runs(
    @CurrentActor() actor: Actor,
    @Param() { id }: HookPath,
    @Query() page: PageQuery,
  ): Promise<Page<AutomationRun>> {
    return this.hooks.runs(actor, id, page);
  }
}
