import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { RolesController } from './roles.controller.js';
import { RolesResolver } from './roles.resolver.js';
import { RolesService } from './roles.service.js';

/** Roles and permissions by REST and GraphQL. Apart from AccessModule, which the gate itself needs. */
@Module({ imports: [GateModule], controllers: [RolesController], providers: [RolesResolver, RolesService] })
export class AccessApiModule {}
