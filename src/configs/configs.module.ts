import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { ConfigJoins, ConfigUsesResolver } from './config-joins.resolver.js';
import { ConfigWatchService } from './config-watch.service.js';
import { ConfigsController } from './configs.controller.js';
import { ConfigsResolver } from './configs.resolver.js';
import { ConfigsService } from './configs.service.js';

@Module({
  imports: [GateModule, IdentityModule],
  controllers: [ConfigsController],
  providers: [ConfigsService, ConfigWatchService, ConfigsResolver, ConfigJoins, ConfigUsesResolver],
})
export class ConfigsModule {}
