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
import { EnginePath } from '../common/engine-path.js';
import { type Page, PageOf, PageQuery, paginate } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { RequestSignal } from '../http/request-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { EngineManagementService } from './engine-management.service.js';
import { CreateEngineInput, TestEngineInput, UpdateEngineInput } from './engine.inputs.js';
import { Engine, EngineHealth, EngineTestResult } from './engine.model.js';
import { EnginesService } from './engines.service.js';

class EnginePage extends PageOf(Engine) {}

@ApiTags('engines')
@Controller('api/v1/engines')
export class EnginesController {
  constructor(
    private readonly engines: EnginesService,
    private readonly management: EngineManagementService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List engines' })
  @ApiOkResponse({ type: EnginePage })
  @ApiProblems('invalid_input', 'unauthenticated')
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<Engine>> {
    return paginate(await this.engines.list(actor), ({ name }) => [name, name], query);
  }

  @Post()
  @ApiOperation({
    summary: 'Add an engine',
    description:
      'It is followed at once. Whether it can be reached is not asked before: try it first. `connection.warnings` tells what is unsafe.',
  })
  @ApiCreatedResponse({ type: Engine })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateEngineInput,
  ): Promise<Engine> {
    return this.management.create(actor, input, query);
  }

  @Post('test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Try to reach an engine, without storing anything' })
  @ApiOkResponse({ type: EngineTestResult })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  test(
    @CurrentActor() actor: Actor,
    @Body() input: TestEngineInput,
    @RequestSignal() signal: AbortSignal,
  ): Promise<EngineTestResult> {
    return this.management.test(actor, input, signal);
  }

  @Get(':engine')
  @ApiOperation({ summary: 'See an engine and how it is' })
  @ApiOkResponse({ type: Engine })
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<Engine> {
    return this.engines.get(actor, engine);
  }

  @Patch(':engine')
  @ApiOperation({
    summary: 'Change how an engine is reached, or its description',
    description:
      'What goes on with it ends, and it is followed anew. The one of DOCKER_HOST is changed there.',
  })
  @ApiOkResponse({ type: Engine })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict', 'unavailable')
  update(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: UpdateEngineInput,
  ): Promise<Engine> {
    return this.management.update(actor, engine, input);
  }

  @Delete(':engine')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove an engine from Dockmaster',
    description:
      'Streams and terminals on it end, and who owns what on it is forgotten. The engine itself, and what runs on it, is left as it is.',
  })
  @ApiNoContentResponse({ description: 'It is no longer connected.' })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  delete(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<void> {
    return this.management.delete(actor, engine);
  }

  @Get(':engine/health')
  @ApiOperation({ summary: 'See how an engine is, and when it came and went' })
  @ApiOkResponse({ type: EngineHealth })
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  health(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<EngineHealth> {
    return this.engines.health(actor, engine);
  }

  @Post(':engine/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask an engine now' })
  @ApiOkResponse({ type: EngineTestResult })
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  testConnected(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @RequestSignal() signal: AbortSignal,
  ): Promise<EngineTestResult> {
    return this.engines.test(actor, engine, signal);
  }
}
