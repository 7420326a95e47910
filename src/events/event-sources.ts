import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';
import { OwnershipService } from '../access/ownership.service.js';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { EngineChronicle } from '../gate/engine-chronicle.js';
import { EngineChronicler } from './engine-chronicler.js';
import { EventBells } from './event-journal.js';
import { EventSourceStore } from './event-source-store.js';

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Has what happens on each engine written down, for as long as the engine is there. */
@Injectable()
export class EventSources implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly chronicle: EngineChronicle,
    private readonly store: EventSourceStore,
    private readonly ownership: OwnershipService,
    private readonly bells: EventBells,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    for (const engine of this.chronicle.names()) this.begin(engine);
    this.chronicle.onChange(({ kind, name }) => {
      if (kind === 'added') this.begin(name);
      else this.running.get(name)?.stop.abort();
    });
    this.chronicle.onTurn(({ name, reachable, since, checkedAt, error }) => {
      const at = since ?? checkedAt ?? new Date().toISOString();
      this.store.turned(name, reachable, at, error).catch((failure: unknown) => {
        // It is written down when the engine is acquired the next time, from how it is then.
        this.logger.warn({ engine: name, reason: messageOf(failure) }, 'a turn can not be written down now');
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    for (const { stop } of this.running.values()) stop.abort();
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  private begin(engine: string): void {
    const before = this.running.get(engine)?.ended;
    const stop = new AbortController();
    const rooms = { chronicle: this.chronicle, store: this.store, ownership: this.ownership };
    const more = { bells: this.bells, logger: this.logger };
    const chronicler = new EngineChronicler(engine, { ...rooms, ...more }, stop.signal);
    const ended = Promise.resolve(before).then(() => chronicler.run());
    this.running.set(engine, { stop, ended });
  }
}
