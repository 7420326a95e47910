import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { CustomRolesService } from './custom-roles.service.js';
import { NameClaimsService } from './name-claims.service.js';
import { OwnershipService } from './ownership.service.js';
import { RoleBindingsService } from './role-bindings.service.js';
import { SubjectsService } from './subjects.service.js';

/** What the gate decides from: roles, role bindings and ownership, as stored. */
@Module({
  providers: [
    Clock,
    CustomRolesService,
    RoleBindingsService,
    NameClaimsService,
    OwnershipService,
    SubjectsService,
  ],
  exports: [CustomRolesService, NameClaimsService, RoleBindingsService, OwnershipService, SubjectsService],
})
export class AccessModule {}
