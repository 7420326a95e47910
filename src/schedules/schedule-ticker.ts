import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AutomationActors } from '../automation/automation-actors.service.js';
import { AutomationRunStore } from '../automation/automation-run-store.js';
import { AutomationRuns } from '../automation/automation-runs.service.js';
import { Clock } from '../common/clock.js';
import { messageOf } from '../common/errors.js';
import { runInRequestContext } from '../common/request-context.js';
import { CronTimes } from './cron-times.js';
import { planDue } from './due-plan.js';
import { ScheduleStore, type StoredSchedule } from './schedule-store.js';

const LOOK_EVERY_MS = 1_000;

/** Looks each second which schedules are due, and has what is due done. Several replicas share the work. */
@Injectable()
export class ScheduleTicker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Schedules');
  private readonly over = new AbortController();
  private ticking: Promise<void> = Promise.resolve();
  private isFailing = false;

  constructor(
    private readonly store: ScheduleStore,
    private readonly actors: AutomationActors,
    private readonly runs: AutomationRuns,
    private readonly runStore: AutomationRunStore,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.ticking = this.tickOn(this.over.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.over.abort();
    await this.ticking;
  }

  /** One look. What fails is due still, and tried again at the next; it does not hold up the others. */
  private async tick(): Promise<void> {
    const failures: unknown[] = [];
    for (const schedule of await this.store.due(this.clock.now())) {
      if (this.over.signal.aborted) return;
      await this.begin(schedule).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  private async tickOn(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        await this.tick();
        this.isFailing = false;
      } catch (error) {
        // Told once: the database may be away for long.
        if (!this.isFailing) this.logger.warn(`schedules can't be looked at now: ${messageOf(error)}`);
        this.isFailing = true;
      }
      await pause(LOOK_EVERY_MS, undefined, { signal: over, ref: false }).catch(() => undefined);
    }
  }

  private async begin(schedule: StoredSchedule): Promise<void> {
    const { id, name, cron, timeZone, nextAt, missed, overlap } = schedule;
    if (nextAt === null) return;
    const now = this.clock.now();
    const plan = planDue(CronTimes.of(cron, timeZone, nextAt - 1), nextAt, now, missed);
    const source = { kind: 'schedule', id } as const;
    // Before it is claimed: then there is a run that has not ended in any case.
    const isUnderWay = overlap === 'skip' && plan.run !== null && (await this.runStore.isUnderWay(source));
    const run = await this.store.claim(schedule, plan);
    if (run === undefined) return;
    if (plan.missed) this.logger.warn(`the schedule ${name} missed ${plan.missed.count} due times`);
    if (run === null) return;
    if (isUnderWay) {
      await this.runStore.notDone(run, 'skipped', 'The run before had not ended');
      return;
    }
    const context = { requestId: '', address: '', door: 'schedule' } as const;
    await runInRequestContext(context, () =>
      this.runs.begin(run, source, async () => ({
        actor: await this.actors.actorOf(schedule),
        action: await this.store.wholeAction(id),
      })),
    );
  }
}
