import { Logger, Module, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { AuditFeed } from './audit-feed.js';
import { AuditRetention } from './audit-retention.js';
import { AuditService } from './audit.service.js';

/** The audit trail. At start, before any request, it closes what an earlier process left pending. */
@Module({ providers: [Clock, AuditService, AuditFeed, AuditRetention], exports: [AuditService, AuditFeed] })
export class AuditModule implements OnModuleInit {
  constructor(private readonly audit: AuditService) {}

  async onModuleInit(): Promise<void> {
    const closed = await this.audit.closeInterrupted();
    if (closed > 0)
      new Logger('Audit').warn(`${closed} operations were interrupted when Dockmaster last stopped`);
  }
}
