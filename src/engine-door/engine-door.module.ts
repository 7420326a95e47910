import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { SystemModule } from '../system/system.module.js';
import { DoorAnswers } from './door-answers.js';
import { DoorCalls } from './door-call.js';
import { DoorPrunes } from './door-prunes.js';
import { DoorListener } from './door-listener.js';
import { EngineDoor } from './engine-door.js';
import { RegistryHeaders } from './registry-headers.js';

/** The Engine API itself as a door: classify, ask the gate, send on or tunnel. */
@Module({
  imports: [GateModule, IdentityModule, RegistriesModule, SystemModule],
  providers: [DoorAnswers, DoorCalls, DoorPrunes, DoorListener, EngineDoor, RegistryHeaders],
  exports: [EngineDoor],
})
export class EngineDoorModule {}
