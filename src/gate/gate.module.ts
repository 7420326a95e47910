import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { Clock } from '../common/clock.js';
import { EngineModule } from '../engine/engine.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { StateModule } from '../state/state.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { AccessReviews } from './access-review.js';
import { Admissions } from './admissions.js';
import { AnswerCuts } from './answer-cuts.js';
import { AttachmentPolicy } from './attachment-policy.js';
import { Authoriser } from './authoriser.js';
import { ContainerPolicy } from './container-policy.js';
import { ContainerReferences } from './container-references.js';
import { EngineChronicle } from './engine-chronicle.js';
import { EngineFacts } from './engine-facts.js';
import { EngineSetup } from './engine-setup.js';
import { Escalation } from './escalation.js';
import { EventSight } from './event-sight.js';
import { Gate } from './gate.js';
import { GivenNames } from './given-names.js';
import { GateRooms } from './gate-rooms.js';
import { ImagePolicy } from './image-policy.js';
import { InstanceId } from './instance-id.js';
import { LiveAccess } from './live-access.js';
import { LostOwners } from './lost-owners.js';
import { NamedVolumes } from './named-volumes.js';
import { OpenStreams } from './open-streams.js';
import { Owners } from './owners.js';
import { OwnChanges } from './own-changes.js';
import { Recorder } from './recorder.js';
import { ObjectFinder } from './object-finder.js';
import { ObjectPolicy } from './object-policy.js';
import { ObjectViews } from './object-views.js';
import { PausedContainers } from './paused-containers.js';
import { RequiredRights } from './required-rights.js';
import { SavedImages } from './saved-images.js';
import { SwarmLogs } from './service-logs.js';
import { ServicePolicy } from './service-policy.js';
import { ServiceReferences } from './service-references.js';
import { ServiceVolumes } from './service-volumes.js';
import { ShownObjects } from './shown-objects.js';
import { SwarmEngines } from './swarm-engines.js';
import { SwarmPolicy } from './swarm-policy.js';
import { TargetResolver } from './targets.js';
import { VolumeAccess } from './volume-access.js';
import { VolumeArchives } from './volume-archives.js';
import { VolumeHelperSweep } from './volume-helper-sweep.js';
import { Visibility } from './visibility.js';

@Module({
  imports: [AccessModule, AuditModule, EngineModule, IdentityModule, StateModule, StreamsModule],
  providers: [
    AccessReviews,
    Admissions,
    AnswerCuts,
    AttachmentPolicy,
    Authoriser,
    Clock,
    ContainerPolicy,
    ContainerReferences,
    EngineChronicle,
    EngineFacts,
    EngineSetup,
    Escalation,
    EventSight,
    Gate,
    GateRooms,
    GivenNames,
    ImagePolicy,
    InstanceId,
    LiveAccess,
    LostOwners,
    NamedVolumes,
    OpenStreams,
    Owners,
    OwnChanges,
    Recorder,
    ObjectFinder,
    ObjectPolicy,
    ObjectViews,
    PausedContainers,
    RequiredRights,
    SavedImages,
    ServicePolicy,
    ServiceReferences,
    ServiceVolumes,
    ShownObjects,
    SwarmEngines,
    SwarmLogs,
    SwarmPolicy,
    TargetResolver,
    Visibility,
    VolumeAccess,
    VolumeArchives,
    VolumeHelperSweep,
  ],
  exports: [EngineChronicle, EngineSetup, Gate, VolumeArchives],
})
export class GateModule {}
