import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { SecretBoxModule } from '../database/secret-box.module.js';
import { GateModule } from '../gate/gate.module.js';
import { OutgoingModule } from '../outgoing/outgoing.module.js';
import { RegistriesController } from './registries.controller.js';
import { RegistriesResolver } from './registries.resolver.js';
import { RegistriesService } from './registries.service.js';
import { RegistryContentsController } from './registry-contents.controller.js';
import { RegistryContentsResolver } from './registry-contents.resolver.js';
import { RegistryContentsService } from './registry-contents.service.js';
import { RegistryCredentialsService } from './registry-credentials.service.js';
import { RegistryStore } from './registry-store.service.js';
import { RegistryUse } from './registry-use.service.js';

/** Image registries: what is stored to sign in to them, and what is in them. */
@Module({
  imports: [GateModule, OutgoingModule, SecretBoxModule],
  controllers: [RegistriesController, RegistryContentsController],
  providers: [
    RegistriesResolver,
    RegistriesService,
    RegistryContentsResolver,
    RegistryContentsService,
    RegistryCredentialsService,
    RegistryStore,
    RegistryUse,
    Clock,
  ],
  exports: [RegistryCredentialsService],
})
export class RegistriesModule {}
