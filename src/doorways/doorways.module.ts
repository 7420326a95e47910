import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { Clock } from '../common/clock.js';
import { EngineDoorModule } from '../engine-door/engine-door.module.js';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { DoorwayManagement } from './doorway-management.service.js';
import { DoorwayStore } from './doorway-store.js';
import { EngineListeners } from './engine-listeners.js';

/** What scoped sockets and client certificates have in common: whom they stand for, and how they are served. */
@Module({
  imports: [AccessModule, AuditModule, EngineDoorModule, GateModule, IdentityModule],
  providers: [Clock, DoorwayManagement, DoorwayStore, EngineListeners],
  exports: [Clock, DoorwayManagement, DoorwayStore, EngineListeners],
})
export class DoorwaysModule {}
