import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { AccessModule } from './access.module.js';
import { AccessReviewsController } from './access-reviews.controller.js';
import { AccessReviewsResolver } from './access-reviews.resolver.js';
import { AccessReviewsService } from './access-reviews.service.js';
import { BindingManagementService } from './binding-management.service.js';
import { RoleBindingsController } from './role-bindings.controller.js';
import { RoleBindingsResolver } from './role-bindings.resolver.js';
import { RolesController } from './roles.controller.js';
import { RolesResolver } from './roles.resolver.js';
import { RolesService } from './roles.service.js';

/** Roles, role bindings and access reviews by REST and GraphQL. Apart from AccessModule, which the gate itself needs. */
@Module({
  imports: [AccessModule, GateModule],
  controllers: [RolesController, RoleBindingsController, AccessReviewsController],
  providers: [
    AccessReviewsResolver,
    AccessReviewsService,
    BindingManagementService,
    RoleBindingsResolver,
    RolesResolver,
    RolesService,
  ],
})
export class AccessApiModule {}
