import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { ContainersModule } from '../containers/containers.module.js';
import { SecretBoxModule } from '../database/secret-box.module.js';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { ImagesModule } from '../images/images.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { ServicesModule } from '../services/services.module.js';
import { SystemModule } from '../system/system.module.js';
import { VolumesModule } from '../volumes/volumes.module.js';
import { Actions } from './actions.service.js';
import { AutomationActors } from './automation-actors.service.js';
import { AutomationRunHistory } from './automation-run-history.js';
import { AutomationRunStore } from './automation-run-store.js';
import { AutomationRuns } from './automation-runs.service.js';
import { ContainerJobs } from './container-job.service.js';
import { ContainerRecreation } from './container-recreation.service.js';
import { RecreationRecovery } from './recreation-recovery.js';
import { RecreationStore } from './recreation-store.js';
import { RecreationUndo } from './recreation-undo.js';
import { ServiceRollout } from './service-rollout.service.js';
import { StoredActions } from './stored-actions.js';
import { VolumeBackupFiles } from './volume-backup-files.service.js';

/** What hooks and schedules have done, and as whom. */
@Module({
  imports: [
    ContainersModule,
    GateModule,
    IdentityModule,
    ImagesModule,
    JobsModule,
    RegistriesModule,
    SecretBoxModule,
    ServicesModule,
    SystemModule,
    VolumesModule,
  ],
  providers: [
    Actions,
    AutomationActors,
    AutomationRunHistory,
    AutomationRunStore,
    AutomationRuns,
    Clock,
    ContainerJobs,
    ContainerRecreation,
    RecreationRecovery,
    RecreationStore,
    RecreationUndo,
    ServiceRollout,
    StoredActions,
    VolumeBackupFiles,
  ],
  exports: [AutomationActors, AutomationRunStore, AutomationRuns, StoredActions],
})
export class AutomationModule {}
