import { Module } from '@nestjs/common';
import { AutomationModule } from '../automation/automation.module.js';
import { Clock } from '../common/clock.js';
import { GateModule } from '../gate/gate.module.js';
import { ScheduleStore } from './schedule-store.js';
import { ScheduleTicker } from './schedule-ticker.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesResolver } from './schedules.resolver.js';
import { SchedulesService } from './schedules.service.js';

/** What is done again and again, at cron times. */
@Module({
  imports: [AutomationModule, GateModule],
  controllers: [SchedulesController],
  providers: [Clock, ScheduleStore, ScheduleTicker, SchedulesResolver, SchedulesService],
})
export class SchedulesModule {}
