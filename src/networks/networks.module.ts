import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { NetworkGraphService } from './network-graph.service.js';
import {
  ContainerNetworkResolver,
  NetworkContainersResolver,
  NetworkDetailsContainersResolver,
} from './network-joins.resolver.js';
import { NetworkJoins } from './network-joins.service.js';
import { NetworkWatchService } from './network-watch.service.js';
import { NetworksController } from './networks.controller.js';
import { NetworksResolver } from './networks.resolver.js';
import { NetworksService } from './networks.service.js';

@Module({
  imports: [GateModule, IdentityModule],
  controllers: [NetworksController],
  providers: [
    NetworksService,
    NetworkGraphService,
    NetworkWatchService,
    NetworkJoins,
    NetworksResolver,
    ContainerNetworkResolver,
    NetworkContainersResolver,
    NetworkDetailsContainersResolver,
  ],
})
export class NetworksModule {}
