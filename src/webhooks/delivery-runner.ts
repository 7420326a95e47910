import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Bell } from '../common/bell.js';
import { messageOf } from '../common/errors.js';
import { EventBells } from '../events/event-journal.js';
import { DeliveryWork } from './delivery-work.js';
import { EventDispatch } from './event-dispatch.js';
import { Outbox, type StoredDelivery } from './outbox.js';
import type { StoredWebhook } from './stored-webhook.js';

/** Attempts of one webhook at a time: however slow it is, it holds up no other. */
const AT_ONCE = 4;
/** How often it is looked for what other processes wrote down, and for what is due. */
const LOOK_EVERY_MS = 500;
const IDLE_LOOK_MS = 2_000;

/** Gives events to webhooks and sends what is due: a few for each webhook at a time. */
@Injectable()
export class DeliveryRunner implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Webhooks');
  private readonly underWay = new Map<string, Set<Promise<void>>>();
  private readonly stopping = new AbortController();
  private readonly freed = new Bell();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly dispatch: EventDispatch,
    private readonly outbox: Outbox,
    private readonly work: DeliveryWork,
    private readonly bells: EventBells,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.outbox.freeAll();
  }

  onApplicationBootstrap(): void {
    this.running = this.run(this.stopping.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all([...this.underWay.values()].flatMap((tasks) => [...tasks]));
  }

  /** A test delivery: tried once, at once, also while the webhook is paused. */
  async test(webhook: StoredWebhook): Promise<string> {
    const delivery = await this.outbox.queueTest(webhook);
    await this.work.attempt(delivery, this.stopping.signal, { isTest: true });
    return delivery.id;
  }

  private async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      let wait = LOOK_EVERY_MS;
      try {
        if (await this.outbox.hasWebhooks()) {
          if ((await this.turn()) > 0) continue;
        } else wait = IDLE_LOOK_MS;
      } catch (error) {
        this.logger.warn(`nothing can be delivered now: ${messageOf(error)}`);
        wait = IDLE_LOOK_MS;
      }
      const over = new AbortController();
      const until = AbortSignal.any([stop, over.signal, AbortSignal.timeout(wait)]);
      const { written, listening } = this.bells;
      await Promise.race([written.wait(until), listening.wait(until), this.freed.wait(until)]);
      over.abort();
    }
  }

  /** @returns how much was done */
  private async turn(): Promise<number> {
    let done = await this.dispatch.dispatch();
    for (const webhook of await this.outbox.due()) {
      const tasks = this.underWay.get(webhook) ?? new Set();
      const free = AT_ONCE - tasks.size;
      if (free <= 0) continue;
      for (const delivery of await this.outbox.claim(webhook, free)) {
        done += 1;
        this.begin(delivery, tasks);
      }
      if (tasks.size > 0) this.underWay.set(webhook, tasks);
    }
    return done;
  }

  private begin(delivery: StoredDelivery, tasks: Set<Promise<void>>): void {
    const task = this.work.attempt(delivery, this.stopping.signal).finally(() => {
      tasks.delete(task);
      if (tasks.size === 0) this.underWay.delete(delivery.webhook_id);
      this.freed.ring();
    });
    tasks.add(task);
  }
}
