import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { SwarmLogsService } from './swarm-logs.service.js';
import { TaskWatchService } from './task-watch.service.js';
import { TasksController } from './tasks.controller.js';
import { TasksResolver } from './tasks.resolver.js';
import { TasksService } from './tasks.service.js';

/** The tasks of swarms, and what they and their services write. */
@Module({
  imports: [GateModule, IdentityModule],
  controllers: [TasksController],
  providers: [SwarmLogsService, TaskWatchService, TasksResolver, TasksService],
  exports: [SwarmLogsService],
})
export class TasksModule {}
