import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ContainersOnEnginesQuery } from './containers-on-engines.inputs.js';
import { ContainersOnEnginesPage } from './containers-on-engines.model.js';
import { type ContainersPage, ContainersOnEnginesService } from './containers-on-engines.service.js';

@ApiTags('containers')
@Controller('api/v1/containers')
export class ContainersOnEnginesController {
  constructor(private readonly containers: ContainersOnEnginesService) {}

  @Get()
  @ApiOperation({
    summary: 'List the containers of all engines, newest first',
    description:
      'Of the engines whose containers you may list. One that is away does not keep the others from answering: `engines` tells of it.',
  })
  @ApiOkResponse({ type: ContainersOnEnginesPage })
  @ApiProblems('invalid_input', 'unauthenticated')
  list(
    @CurrentActor() actor: Actor,
    @Query() { engine: engines, limit, after, fresh, ...filter }: ContainersOnEnginesQuery,
  ): Promise<ContainersPage> {
    return this.containers.list(actor, filter, { engines, limit, after, fresh });
  }
}
