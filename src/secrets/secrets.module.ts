import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { SecretJoins, SecretUsesResolver } from './secret-joins.resolver.js';
import { SecretWatchService } from './secret-watch.service.js';
import { SecretsController } from './secrets.controller.js';
import { SecretsResolver } from './secrets.resolver.js';
import { SecretsService } from './secrets.service.js';

@Module({
  imports: [GateModule, IdentityModule],
  controllers: [SecretsController],
  providers: [SecretsService, SecretWatchService, SecretsResolver, SecretJoins, SecretUsesResolver],
})
export class SecretsModule {}
