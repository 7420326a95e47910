import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { SwarmKeysService } from './swarm-keys.service.js';
import { SwarmController } from './swarm.controller.js';
import { SwarmResolver } from './swarm.resolver.js';
import { SwarmService } from './swarm.service.js';

@Module({
  imports: [GateModule, IdentityModule],
  controllers: [SwarmController],
  providers: [SwarmService, SwarmKeysService, SwarmResolver],
})
export class SwarmModule {}
