import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { Clock } from '../common/clock.js';
import { GateModule } from '../gate/gate.module.js';
import { EventHousekeeping } from './event-housekeeping.js';
import { EventBells } from './event-journal.js';
import { EventSources } from './event-sources.js';
import { EventSourceStore } from './event-source-store.js';

/** What happens, written down for whoever is to be told. */
@Module({
  imports: [AccessModule, GateModule],
  providers: [Clock, EventBells, EventHousekeeping, EventSources, EventSourceStore],
  exports: [EventBells],
})
export class EventsModule {}
