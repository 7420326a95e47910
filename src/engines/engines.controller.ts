import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { type Page, PageOf, PageQuery, paginate } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { Engine } from './engine.model.js';
import { EnginesService } from './engines.service.js';

class EnginePage extends PageOf(Engine) {}

@ApiTags('engines')
@Controller('api/v1/engines')
export class EnginesController {
  constructor(private readonly engines: EnginesService) {}

  @Get()
  @ApiOperation({ summary: 'List engines' })
  @ApiOkResponse({ type: EnginePage })
  @ApiProblems('invalid_input', 'unauthenticated')
  async list(@CurrentActor() actor: Actor, @Query() query: PageQuery): Promise<Page<Engine>> {
    return paginate(await this.engines.list(actor), ({ name }) => [name, name], query);
  }

  @Get(':engine')
  @ApiOperation({ summary: 'See an engine and its health' })
  @ApiOkResponse({ type: Engine })
  @ApiProblems('invalid_input', 'unauthenticated', 'not_found')
  get(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<Engine> {
    return this.engines.get(actor, engine);
  }
}
