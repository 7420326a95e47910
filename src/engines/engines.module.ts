import { Module } from '@nestjs/common';
import { SecretBoxModule } from '../database/secret-box.module.js';
import { GateModule } from '../gate/gate.module.js';
import { ContainersOnEnginesController } from './containers-on-engines.controller.js';
import { ContainersOnEnginesResolver } from './containers-on-engines.resolver.js';
import { ContainersOnEnginesService } from './containers-on-engines.service.js';
import { EngineDirectory } from './engine-directory.js';
import { EngineKeys } from './engine-keys.js';
import { EngineManagementService } from './engine-management.service.js';
import { EngineStore } from './engine-store.js';
import { EnginesController } from './engines.controller.js';
import { EnginesResolver } from './engines.resolver.js';
import { EnginesService } from './engines.service.js';

/** Which engines there are, and what they have together. */
@Module({
  imports: [GateModule, SecretBoxModule],
  controllers: [EnginesController, ContainersOnEnginesController],
  providers: [
    ContainersOnEnginesResolver,
    ContainersOnEnginesService,
    EngineDirectory,
    EngineKeys,
    EngineManagementService,
    EngineStore,
    EnginesResolver,
    EnginesService,
  ],
  exports: [EngineDirectory],
})
export class EnginesModule {}
