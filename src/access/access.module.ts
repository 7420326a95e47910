import { Module } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { OwnershipService } from './ownership.service.js';
import { RoleBindingsService } from './role-bindings.service.js';

/** What the gate decides from: role bindings and ownership, as stored. */
@Module({
  providers: [Clock, RoleBindingsService, OwnershipService],
  exports: [RoleBindingsService, OwnershipService],
})
export class AccessModule {}
