import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { VolumeBackupService } from './volume-backup.service.js';
import { VolumeCloneService } from './volume-clone.service.js';
import {
  ContainerMountResolver,
  VolumeContainersResolver,
  VolumeDetailsContainersResolver,
} from './volume-joins.resolver.js';
import { VolumeJoins } from './volume-joins.service.js';
import { VolumeFilesService } from './volume-files.service.js';
import { VolumeRestoreService } from './volume-restore.service.js';
import { VolumeTransferController } from './volume-transfer.controller.js';
import { VolumesController } from './volumes.controller.js';
import { VolumesResolver } from './volumes.resolver.js';
import { VolumesService } from './volumes.service.js';
import { VolumeWatchService } from './volume-watch.service.js';

@Module({
  imports: [GateModule, IdentityModule, JobsModule],
  controllers: [VolumesController, VolumeTransferController],
  providers: [
    VolumesService,
    VolumeWatchService,
    VolumeBackupService,
    VolumeRestoreService,
    VolumeCloneService,
    VolumeFilesService,
    VolumeJoins,
    VolumesResolver,
    ContainerMountResolver,
    VolumeContainersResolver,
    VolumeDetailsContainersResolver,
  ],
  exports: [VolumeBackupService],
})
export class VolumesModule {}
