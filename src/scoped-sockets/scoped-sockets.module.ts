import { Module } from '@nestjs/common';
import { DoorwaysModule } from '../doorways/doorways.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { ScopedSocketDirectory } from './scoped-socket-directory.js';
import { ScopedSocketsController } from './scoped-sockets.controller.js';
import { ScopedSocketsResolver } from './scoped-sockets.resolver.js';
import { ScopedSocketsService } from './scoped-sockets.service.js';

/** Unix sockets that speak the Engine API, each as somebody. */
@Module({
  imports: [DoorwaysModule, IdentityModule],
  controllers: [ScopedSocketsController],
  providers: [ScopedSocketDirectory, ScopedSocketsResolver, ScopedSocketsService],
})
export class ScopedSocketsModule {}
