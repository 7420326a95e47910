import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AutomationRun, AutomationRunConnection, runSortKey } from '../automation/automation-run.model.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  CreateScheduleInput,
  SchedulePath,
  ScheduleRunsArgs,
  UpdateScheduleInput,
} from './schedule.inputs.js';
import { ChangedSchedule, Schedule, ScheduleConnection, scheduleSortKey } from './schedule.model.js';
import { SchedulesService } from './schedules.service.js';

@Resolver()
export class SchedulesResolver {
  constructor(private readonly service: SchedulesService) {}

  @Query(() => ScheduleConnection, { name: 'schedules', description: 'The schedules, by name.' })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.service.list(actor, { limit: first, after }), scheduleSortKey);
  }

  @Query(() => Schedule, { name: 'schedule', description: 'One schedule, and when it is due next.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: SchedulePath): Promise<Schedule> {
    return this.service.get(actor, id);
  }

  @Query(() => AutomationRunConnection, {
    name: 'scheduleRuns',
    description: 'What a schedule has done, and what it has missed, newest first.',
  })
  async runs(@CurrentActor() actor: Actor, @Args() { id, first, after }: ScheduleRunsArgs) {
    return toConnection(await this.service.runs(actor, id, { limit: first, after }), runSortKey);
  }

  @Mutation(() => ChangedSchedule, {
    name: 'createSchedule',
    description: 'Makes a schedule. A dry run shows when it would be due.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateScheduleInput,
    @Args() options: DryRunQuery,
  ): Promise<ChangedSchedule> {
    return this.service.create(actor, input, options);
  }

  @Mutation(() => ChangedSchedule, {
    name: 'updateSchedule',
    description: 'Changes a schedule, or switches it on or off.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: SchedulePath,
    @Args('input') input: UpdateScheduleInput,
  ): Promise<ChangedSchedule> {
    return this.service.update(actor, id, input);
  }

  @Mutation(() => AutomationRun, {
    name: 'runSchedule',
    description: 'Does now what would be done when it is due.',
  })
  run(@CurrentActor() actor: Actor, @Args() { id }: SchedulePath): Promise<AutomationRun> {
    return this.service.run(actor, id);
  }

  @Mutation(() => Boolean, {
    name: 'deleteSchedule',
    description: 'Deletes a schedule, with the record of its runs.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: SchedulePath): Promise<boolean> {
    await this.service.delete(actor, id);
    return true;
  }
}
