import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { EngineModule } from '../engine/engine.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { StateModule } from '../state/state.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { Admissions } from './admissions.js';
import { Authoriser } from './authoriser.js';
import { ContainerPolicy } from './container-policy.js';
import { ContainerReferences } from './container-references.js';
import { EngineFacts } from './engine-facts.js';
import { Gate } from './gate.js';
import { GateRooms } from './gate-rooms.js';
import { LiveAccess } from './live-access.js';
import { Owners } from './owners.js';
import { Recorder } from './recorder.js';
import { TargetResolver } from './targets.js';
import { Visibility } from './visibility.js';

@Module({
  imports: [AccessModule, AuditModule, EngineModule, IdentityModule, StateModule, StreamsModule],
  providers: [
    Admissions,
    Authoriser,
    ContainerPolicy,
    ContainerReferences,
    EngineFacts,
    Gate,
    GateRooms,
    LiveAccess,
    Owners,
    Recorder,
    TargetResolver,
    Visibility,
  ],
  exports: [Gate],
})
export class GateModule {}
