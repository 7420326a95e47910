import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { checkAction } from '../automation/action-check.js';
import type { ActionInput } from '../automation/action.inputs.js';
import { AutomationActors } from '../automation/automation-actors.service.js';
import type { AutomationRun } from '../automation/automation-run.model.js';
import { AutomationRunStore } from '../automation/automation-run-store.js';
import { AutomationRuns } from '../automation/automation-runs.service.js';
import { type Actor, parentOf } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import { type Page, type PageRequest, paginate } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { CronTimes } from './cron-times.js';
import { ScheduleStore, type StoredSchedule } from './schedule-store.js';
import type { CreateScheduleInput, UpdateScheduleInput } from './schedule.inputs.js';
import { type ChangedSchedule, type Schedule, scheduleSortKey, toSchedule } from './schedule.model.js';

const UTC = 'UTC';

/** Which schedules there are, for who may see, change and run them. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly gate: Gate,
    private readonly store: ScheduleStore,
    private readonly actors: AutomationActors,
    private readonly automation: AutomationRuns,
    private readonly runStore: AutomationRunStore,
    private readonly clock: Clock,
  ) {}

  /** By name. @throws DomainError `forbidden` without `schedules:list`; `invalid_input` for a cursor that is none */
  async list(actor: Actor, page: PageRequest): Promise<Page<Schedule>> {
    await this.gate.as(actor).require('schedules:list');
    const all = await this.store.all();
    return paginate(
      all.map((stored) => this.shown(stored)),
      scheduleSortKey,
      page,
    );
  }

  /** @throws DomainError `forbidden` without `schedules:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<Schedule> {
    await this.gate.as(actor).require('schedules:get');
    return this.shown(await this.store.get(id));
  }

  /** What was done and what was not, newest first. @throws as `get` */
  async runs(actor: Actor, id: string, page: PageRequest): Promise<Page<AutomationRun>> {
    await this.get(actor, id);
    return this.runStore.list({ kind: 'schedule', id }, page);
  }

  /**
   * @throws DomainError `forbidden` without `schedules:create`, and for a service account that may do more than the actor;
   *   `invalid_input`; `conflict`
   */
  create(
    actor: Actor,
    input: CreateScheduleInput,
    { dryRun = false }: DryRunQuery,
  ): Promise<ChangedSchedule> {
    const { name, description = '', serviceAccountId, action, cron, timeZone = UTC, enabled = true } = input;
    const { missed = 'skip', overlap = 'skip' } = input;
    const change = { dryRun, operation: 'schedules:create', target: { kind: 'schedule', name } } as const;
    return changeOrDryRun(this.gate.as(actor), change, async () => {
      checkAction(action);
      const nextAt = this.nextAfterNow(cron, timeZone);
      await this.actors.requireMayDirect(actor, serviceAccountId, 'schedules:create');
      const parentId = parentOf(actor);
      const fields = {
        name,
        description,
        serviceAccountId,
        parentId,
        enabled,
        cron,
        timeZone,
        missed,
        overlap,
      };
      return this.changed(await this.store.create({ ...fields, action, nextAt }, { dryRun }), action);
    });
  }

  /** With other times, or switched on again, it is due from now on. @throws as `create`, with `schedules:update`; `not_found` */
  async update(actor: Actor, id: string, input: UpdateScheduleInput): Promise<ChangedSchedule> {
    const gate = this.gate.as(actor);
    await gate.require('schedules:update');
    const known = await this.store.get(id);
    await gate.requireAtLeast({ kind: 'serviceAccount', id: known.serviceAccountId }, 'schedules:update');
    return gate.change('schedules:update', { kind: 'schedule', id, name: known.name }, async () => {
      const action = input.action ?? (await this.store.wholeAction(id));
      checkAction(action);
      if (input.serviceAccountId !== undefined)
        await this.actors.requireMayDirect(actor, input.serviceAccountId, 'schedules:update');
      const { cron = known.cron, timeZone = known.timeZone, enabled = known.enabled } = input;
      const isNew = cron !== known.cron || timeZone !== known.timeZone || (enabled && !known.enabled);
      const nextAt = isNew ? this.nextAfterNow(cron, timeZone) : undefined;
      return this.changed(
        await this.store.update(known, { ...input, parentId: parentOf(actor), nextAt }),
        action,
      );
    });
  }

  /** @throws DomainError `forbidden` without `schedules:delete`; `not_found` */
  async delete(actor: Actor, id: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('schedules:delete');
    const { name } = await this.store.get(id);
    await gate.change('schedules:delete', { kind: 'schedule', id, name }, () => this.store.delete(id));
  }

  /**
   * Does now what would be done when it is due, also while it is not enabled.
   *
   * @throws DomainError `forbidden` without `schedules:run`, and where its service account can't act; `not_found`; `conflict` where
   *   its last run has not ended, and runs are not to overlap
   */
  async run(actor: Actor, id: string): Promise<AutomationRun> {
    const gate = this.gate.as(actor);
    await gate.require('schedules:run');
    const known = await this.store.get(id);
    const { name, overlap } = known;
    return gate.change('schedules:run', { kind: 'schedule', id, name }, async () => {
      const source = { kind: 'schedule', id } as const;
      if (overlap === 'skip' && (await this.runStore.isUnderWay(source)))
        throw new DomainError('conflict', 'Its last run has not ended');
      const account = await this.actors.actorOf(known);
      const action = await this.store.wholeAction(id);
      const run = await this.automation.once(source, { key: `now:${randomUUID()}` }, account, action);
      if (run === undefined)
        throw new DomainError('internal', 'A run that nobody else could begin was begun');
      return this.runStore.get(source, run);
    });
  }

  private nextAfterNow(cron: string, timeZone: string): number | null {
    const now = this.clock.now();
    return CronTimes.of(cron, timeZone, now).after(now);
  }

  private async changed(stored: StoredSchedule, action: ActionInput): Promise<ChangedSchedule> {
    return {
      schedule: this.shown(stored),
      missingPermissions: await this.actors.missingPermissions(stored.serviceAccountId, action),
    };
  }

  private shown(stored: StoredSchedule): Schedule {
    return toSchedule(stored, this.clock.now());
  }
}
