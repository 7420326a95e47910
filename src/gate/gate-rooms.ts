import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logging.js';
import { EngineRegistry } from '../engine/engine-registry.js';
import { AuthenticationService } from '../identity/authentication.service.js';
import { EngineMonitor } from '../state/engine-monitor.js';
import { Streams } from '../streams/streams.js';
import { Admissions } from './admissions.js';
import { AnswerCuts } from './answer-cuts.js';
import { Authoriser } from './authoriser.js';
import { EventSight } from './event-sight.js';
import { LiveAccess } from './live-access.js';
import { NamedVolumes } from './named-volumes.js';
import { ObjectFinder } from './object-finder.js';
import { ObjectViews } from './object-views.js';
import { OpenStreams } from './open-streams.js';
import { Owners } from './owners.js';
import { OwnChanges } from './own-changes.js';
import { Recorder } from './recorder.js';
import { SavedImages } from './saved-images.js';
import { SwarmLogs } from './service-logs.js';
import { SwarmEngines } from './swarm-engines.js';
import { Visibility } from './visibility.js';

/** What the gate works with. Only handles hold it; nobody else can reach an engine through it. */
@Injectable()
export class GateRooms {
  constructor(
    readonly engines: EngineRegistry,
    readonly monitor: EngineMonitor,
    readonly finder: ObjectFinder,
    readonly views: ObjectViews,
    readonly streams: Streams,
    readonly authentication: AuthenticationService,
    readonly authoriser: Authoriser,
    readonly admissions: Admissions,
    readonly visibility: Visibility,
    readonly cuts: AnswerCuts,
    readonly owners: Owners,
    readonly volumes: NamedVolumes,
    readonly ownChanges: OwnChanges,
    readonly recorder: Recorder,
    readonly liveAccess: LiveAccess,
    readonly swarm: SwarmEngines,
    readonly swarmLogs: SwarmLogs,
    readonly sight: EventSight,
    readonly saved: SavedImages,
    readonly open: OpenStreams,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}
}
