import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { RegistriesModule } from '../registries/registries.module.js';
import { BuildCacheController } from './build-cache.controller.js';
import { ImageBuildsService } from './image-builds.service.js';
import {
  ContainerDetailsImageResolver,
  ContainerImageResolver,
  ImageContainersResolver,
  ImageDetailsContainersResolver,
} from './image-joins.resolver.js';
import { ImageJoins } from './image-joins.service.js';
import { ImagePruneService } from './image-prune.service.js';
import { ImagePuller } from './image-puller.js';
import { ImageTransfersController } from './image-transfers.controller.js';
import { ImageTransfersResolver } from './image-transfers.resolver.js';
import { ImageTransfersService } from './image-transfers.service.js';
import { ImageWatchService } from './image-watch.service.js';
import { ImagesController } from './images.controller.js';
import { ImagesResolver } from './images.resolver.js';
import { ImagesService } from './images.service.js';

/** The images of engines: what there are, their names, and how they come and go. */
@Module({
  imports: [GateModule, JobsModule, RegistriesModule],
  // What is written out comes before `:id`.
  controllers: [ImageTransfersController, ImagesController, BuildCacheController],
  providers: [
    ContainerDetailsImageResolver,
    ContainerImageResolver,
    ImageBuildsService,
    ImageContainersResolver,
    ImageDetailsContainersResolver,
    ImageJoins,
    ImagePruneService,
    ImagePuller,
    ImageTransfersResolver,
    ImageTransfersService,
    ImageWatchService,
    ImagesResolver,
    ImagesService,
  ],
  exports: [ImagePuller],
})
export class ImagesModule {}
