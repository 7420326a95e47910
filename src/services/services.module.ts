import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { ServiceConvergenceService } from './service-convergence.service.js';
import { ServiceEditsController } from './service-edits.controller.js';
import { ServiceEditsResolver } from './service-edits.resolver.js';
import { ServiceEditsService } from './service-edits.service.js';
import {
  ServiceDetailsTasksResolver,
  ServiceTasksResolver,
  TaskDetailsServiceResolver,
  TaskServiceResolver,
} from './service-joins.resolver.js';
import { ServiceJoins } from './service-joins.service.js';
import { ServiceWatchService } from './service-watch.service.js';
import { ServicesController } from './services.controller.js';
import { ServicesResolver } from './services.resolver.js';
import { ServicesService } from './services.service.js';

/** The services of swarms: what there are, their changes, and whether those have come to be. */
@Module({
  imports: [GateModule, IdentityModule, JobsModule, RegistriesModule, TasksModule],
  controllers: [ServicesController, ServiceEditsController],
  providers: [
    ServiceConvergenceService,
    ServiceEditsResolver,
    ServiceDetailsTasksResolver,
    ServiceEditsService,
    ServiceJoins,
    ServiceTasksResolver,
    ServiceWatchService,
    ServicesResolver,
    ServicesService,
    TaskDetailsServiceResolver,
    TaskServiceResolver,
  ],
  exports: [ServiceConvergenceService, ServiceEditsService],
})
export class ServicesModule {}
