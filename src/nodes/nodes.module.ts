import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { NodeDrainService } from './node-drain.service.js';
import { NodeWatchService } from './node-watch.service.js';
import { NodesController } from './nodes.controller.js';
import { NodesResolver } from './nodes.resolver.js';
import { NodesService } from './nodes.service.js';

@Module({
  imports: [GateModule, IdentityModule, JobsModule],
  controllers: [NodesController],
  providers: [NodesService, NodeDrainService, NodeWatchService, NodesResolver],
})
export class NodesModule {}
