import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { ImagesModule } from '../images/images.module.js';
import { ContainerActionsService } from './container-actions.service.js';
import { ContainerFilesService } from './container-files.service.js';
import { ContainerOutputResolver } from './container-output.resolver.js';
import { ContainerOutputService } from './container-output.service.js';
import { ContainerStreamsController } from './container-streams.controller.js';
import { ContainersController } from './containers.controller.js';
import { ContainersResolver } from './containers.resolver.js';
import { ContainersService } from './containers.service.js';
import { ContainerWatchService } from './container-watch.service.js';
import { ExecService } from './exec.service.js';
import { ExecsController } from './execs.controller.js';
import { TerminalService } from './terminal.service.js';
import { TerminalSockets } from './terminal-sockets.js';

@Module({
  imports: [GateModule, IdentityModule, ImagesModule],
  controllers: [ContainersController, ContainerStreamsController, ExecsController],
  providers: [
    ContainersService,
    ContainerActionsService,
    ContainerFilesService,
    ContainerOutputService,
    ContainerWatchService,
    ExecService,
    TerminalService,
    TerminalSockets,
    ContainersResolver,
    ContainerOutputResolver,
  ],
  exports: [ContainerActionsService, ContainerOutputService, ContainersService],
})
export class ContainersModule {}
