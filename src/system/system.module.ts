import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { DiskUsageService } from './disk-usage.service.js';
import { EngineEventsController } from './engine-events.controller.js';
import { EngineEventsResolver } from './engine-events.resolver.js';
import { EngineEventsService } from './engine-events.service.js';
import { PluginsController } from './plugins.controller.js';
import { PluginsResolver } from './plugins.resolver.js';
import { PluginsService } from './plugins.service.js';
import { PruneService } from './prune.service.js';
import { SystemController } from './system.controller.js';
import { SystemResolver } from './system.resolver.js';
import { SystemService } from './system.service.js';

/** Engines themselves: what they are, take of the disk and are set up with, what happens on them, and their plugins. */
@Module({
  imports: [GateModule, RegistriesModule],
  controllers: [EngineEventsController, PluginsController, SystemController],
  providers: [
    DiskUsageService,
    EngineEventsResolver,
    EngineEventsService,
    PluginsResolver,
    PluginsService,
    PruneService,
    SystemResolver,
    SystemService,
  ],
  exports: [PruneService],
})
export class SystemModule {}
