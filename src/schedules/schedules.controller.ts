import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { AutomationRun, AutomationRunPage } from '../automation/automation-run.model.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { type Page, PageQuery } from '../common/pagination.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { CreateScheduleInput, SchedulePath, UpdateScheduleInput } from './schedule.inputs.js';
import { ChangedSchedule, Schedule, SchedulePage } from './schedule.model.js';
import { SchedulesService } from './schedules.service.js';

const ON_ONE = ['invalid_input', 'unauthenticated', 'forbidden', 'not_found'] as const;
const AT_LEAST = 'Only with a service account that may do no more than you.';

@ApiTags('schedules')
@Controller('api/v1/schedules')
export class SchedulesController {
  constructor(private readonly schedules: SchedulesService) {}

  @Get()
  @ApiOperation({ summary: 'List schedules, by name' })
  @ApiOkResponse({ type: SchedulePage })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden')
  list(@CurrentActor() actor: Actor, @Query() page: PageQuery): Promise<Page<Schedule>> {
    return this.schedules.list(actor, page);
  }

  @Post()
  @ApiOperation({
    summary: 'Make a schedule',
    description: `${AT_LEAST} A dry run shows when it would be due.`,
  })
  @ApiCreatedResponse({ type: ChangedSchedule })
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'conflict')
  create(
    @CurrentActor() actor: Actor,
    @Query() query: DryRunQuery,
    @Body() input: CreateScheduleInput,
  ): Promise<ChangedSchedule> {
    return this.schedules.create(actor, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a schedule, and when it is due next' })
  @ApiOkResponse({ type: Schedule })
  @ApiProblems(...ON_ONE)
  get(@CurrentActor() actor: Actor, @Param() { id }: SchedulePath): Promise<Schedule> {
    return this.schedules.get(actor, id);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a schedule, or switch it on or off', description: AT_LEAST })
  @ApiOkResponse({ type: ChangedSchedule })
  @ApiProblems(...ON_ONE, 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { id }: SchedulePath,
    @Body() input: UpdateScheduleInput,
  ): Promise<ChangedSchedule> {
    return this.schedules.update(actor, id, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a schedule, with the record of its runs' })
  @ApiNoContentResponse()
  @ApiProblems(...ON_ONE)
  delete(@CurrentActor() actor: Actor, @Param() { id }: SchedulePath): Promise<void> {
    return this.schedules.delete(actor, id);
  }

  @Post(':id/run')
  @HttpCode(202)
  @ApiOperation({ summary: 'Do now what would be done when it is due' })
  @ApiAcceptedResponse({ type: AutomationRun })
  @ApiProblems(...ON_ONE, 'conflict', 'too_many_requests')
  run(@CurrentActor() actor: Actor, @Param() { id }: SchedulePath): Promise<AutomationRun> {
    return this.schedules.run(actor, id);
  }

  @Get(':id/runs')
  @ApiOperation({ summary: 'List what a schedule has done, and what it has missed, newest first' })
  @ApiOkResponse({ type: AutomationRunPage })
  @ApiProblems(...ON_ONE)
  runs(
    @CurrentActor() actor: Actor,
    @Param() { id }: SchedulePath,
    @Query() page: PageQuery,
  ): Promise<Page<AutomationRun>> {
    return this.schedules.runs(actor, id, page);
  }
}
