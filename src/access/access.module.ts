import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { CustomRolesService } from './custom-roles.service.js';
import { OwnershipService } from './ownership.service.js';
import { RoleBindingsService } from './role-bindings.service.js';
import { SubjectsService } from './subjects.service.js';

/** What the gate decides from: roles, role bindings and ownership, as stored. */
@Module({
  providers: [Clock, CustomRolesService, RoleBindingsService, OwnershipService, SubjectsService],
  exports: [CustomRolesService, RoleBindingsService, OwnershipService, SubjectsService],
})
export class AccessModule {}
