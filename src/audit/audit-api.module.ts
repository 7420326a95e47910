import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { AuditTrailService } from './audit-trail.service.js';
import { AuditController } from './audit.controller.js';
import { AuditModule } from './audit.module.js';
import { AuditResolver } from './audit.resolver.js';

/** The audit trail by REST and GraphQL. Apart from AuditModule, which the gate itself needs. */
@Module({
  imports: [AuditModule, GateModule],
  controllers: [AuditController],
  providers: [AuditResolver, AuditTrailService],
})
export class AuditApiModule {}
