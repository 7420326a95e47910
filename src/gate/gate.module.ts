import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { EngineModule } from '../engine/engine.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { StateModule } from '../state/state.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { AccessReviews } from './access-review.js';
import { Admissions } from './admissions.js';
import { Authoriser } from './authoriser.js';
import { ContainerFinder } from './container-finder.js';
import { ContainerPolicy } from './container-policy.js';
import { ContainerReferences } from './container-references.js';
import { ContainerViews } from './container-views.js';
import { EngineFacts } from './engine-facts.js';
import { Escalation } from './escalation.js';
import { Gate } from './gate.js';
import { GateRooms } from './gate-rooms.js';
import { LiveAccess } from './live-access.js';
import { Owners } from './owners.js';
import { OwnChanges } from './own-changes.js';
import { Recorder } from './recorder.js';
import { ShownContainers } from './shown-containers.js';
import { TargetResolver } from './targets.js';
import { Visibility } from './visibility.js';

@Module({
  imports: [AccessModule, AuditModule, EngineModule, IdentityModule, StateModule, StreamsModule],
  providers: [
    AccessReviews,
    Admissions,
    Authoriser,
    ContainerFinder,
    ContainerPolicy,
    ContainerReferences,
    ContainerViews,
    EngineFacts,
    Escalation,
    Gate,
    GateRooms,
    LiveAccess,
    Owners,
    OwnChanges,
    Recorder,
    ShownContainers,
    TargetResolver,
    Visibility,
  ],
  exports: [Gate],
})
export class GateModule {}
