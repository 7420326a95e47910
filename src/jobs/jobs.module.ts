import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { JobAccess } from './job-access.js';
import { JobFollower } from './job-follower.js';
import { JobHistory } from './job-history.js';
import { JobKeeper } from './job-keeper.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job-store.js';
import { JobsController } from './jobs.controller.js';
import { JobsResolver } from './jobs.resolver.js';
import { JobsService } from './jobs.service.js';

/** Long work that goes on after the request that started it. */
@Module({
  imports: [GateModule, IdentityModule],
  controllers: [JobsController],
  providers: [
    Clock,
    JobAccess,
    JobFollower,
    JobHistory,
    JobKeeper,
    JobRunner,
    JobStore,
    JobsResolver,
    JobsService,
  ],
  exports: [JobsService],
})
export class JobsModule {}
