import { Module } from '@nestjs/common';
import { AutomationModule } from '../automation/automation.module.js';
import { Clock } from '../common/clock.js';
import { SecretBoxModule } from '../database/secret-box.module.js';
import { GateModule } from '../gate/gate.module.js';
import { HookDoorController } from './hook-door.controller.js';
import { HookDoor } from './hook-door.service.js';
import { HookStore } from './hook-store.js';
import { HooksController } from './hooks.controller.js';
import { HooksResolver } from './hooks.resolver.js';
import { HooksService } from './hooks.service.js';

/** Addresses that others call to have something done. */
@Module({
  imports: [AutomationModule, GateModule, SecretBoxModule],
  controllers: [HookDoorController, HooksController],
  providers: [Clock, HookDoor, HookStore, HooksResolver, HooksService],
})
export class HooksModule {}
