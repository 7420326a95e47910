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
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { RequestSignal } from '../http/request-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { RegistriesService } from './registries.service.js';
import { RegistryContentsService } from './registry-contents.service.js';
import { CreateRegistryInput, RegistryPath, UpdateRegistryInput } from './registry.inputs.js';
import { Registry, RegistryPage, RegistryTest } from './registry.model.js';

@ApiTags('registries')
@Controller('api/v1/registries')
export class RegistriesController {
  constructor(
    private readonly registries: RegistriesService,
    private readonly contents: RegistryContentsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List registries, by name' })
  @ApiOkResponse({ type: RegistryPage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<Registry>> {
    return this.registries.list(actor, page);
  }

  @Post()
  @ApiOperation({
    summary: 'Store a registry and what to sign in to it with',
    description: 'The password is kept encrypted and never shown. The registry is not asked: test it after.',
  })
  @ApiCreatedResponse({ type: Registry })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateRegistryInput,
  ): Promise<Registry> {
    return this.registries.create(actor, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a registry' })
  @ApiOkResponse({ type: Registry })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { id }: RegistryPath): Promise<Registry> {
    return this.registries.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change a registry or its credentials',
    description:
      'Where `address`, `insecure` or `ca` change and no credentials come with it, the stored ones are dropped.',
  })
  @ApiOkResponse({ type: Registry })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: RegistryPath,
    @Body() input: UpdateRegistryInput,
  ): Promise<Registry> {
    return this.registries.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a registry and its credentials' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  delete(@CurrentActor() actor: Actor, @Param() { id }: RegistryPath): Promise<void> {
    return this.registries.delete(actor, id);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sign in to a registry with what is stored',
    description: 'A registry that does not answer, or lets nobody in, is told in the answer.',
  })
  @ApiOkResponse({ type: RegistryTest })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'unavailable', 'cancelled')
  test(
    @CurrentActor() actor: Actor,
    @Param() { id }: RegistryPath,
    @RequestSignal() signal: AbortSignal,
  ): Promise<RegistryTest> {
    return this.contents.test(actor, id, signal);
  }
}
