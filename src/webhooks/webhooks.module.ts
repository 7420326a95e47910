import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { Clock } from '../common/clock.js';
import { SecretBoxModule } from '../database/secret-box.module.js';
import { EventsModule } from '../events/events.module.js';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { OutgoingModule } from '../outgoing/outgoing.module.js';
import { DeliveryFollower } from './delivery-follower.js';
import { DeliveryLog } from './delivery-log.js';
import { DeliveryRecords } from './delivery-records.js';
import { DeliveryRunner } from './delivery-runner.js';
import { DeliverySender } from './delivery-sender.js';
import { DeliveryWork } from './delivery-work.js';
import { EventDispatch } from './event-dispatch.js';
import { Outbox } from './outbox.js';
import { WebhookAccess } from './webhook-access.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveriesResolver } from './webhook-deliveries.resolver.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookHistory } from './webhook-history.js';
import { WebhookOwners } from './webhook-owners.js';
import { WebhookPauses } from './webhook-pauses.js';
import { WebhookStore } from './webhook-store.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksResolver } from './webhooks.resolver.js';
import { WebhooksService } from './webhooks.service.js';

/** Who is told of events by HTTP. */
@Module({
  imports: [AuditModule, EventsModule, GateModule, IdentityModule, OutgoingModule, SecretBoxModule],
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    Clock,
    DeliveryFollower,
    DeliveryLog,
    DeliveryRecords,
    DeliveryRunner,
    DeliverySender,
    DeliveryWork,
    EventDispatch,
    Outbox,
    WebhookAccess,
    WebhookDeliveriesResolver,
    WebhookDeliveriesService,
    WebhookHistory,
    WebhookOwners,
    WebhookPauses,
    WebhookStore,
    WebhooksResolver,
    WebhooksService,
  ],
})
export class WebhooksModule {}
