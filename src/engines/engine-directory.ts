import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';
import { messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { type EngineDefinition, EngineSetup, type UnusableEngine } from '../gate/engine-setup.js';
import { EngineKeys } from './engine-keys.js';
import { EngineStore, type StoredEngine } from './engine-store.js';

/** How late another replica's change may be seen. Changes of this process are seen at once. */
const POLL_EVERY_MS = 2_000;

/** Keeps the engines that are connected the same as those that are stored, whichever replica changed them. */
@Injectable()
export class EngineDirectory implements OnModuleInit, OnApplicationShutdown {
  private readonly connected = new Map<string, StoredEngine>();
  private revision: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private failing = false;

  constructor(
    private readonly store: EngineStore,
    private readonly keys: EngineKeys,
    private readonly setup: EngineSetup,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.refresh();
    this.timer = setInterval(() => void this.poll(), POLL_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }

  /** What is stored of a connected engine; undefined for the one of the settings. */
  stored(name: string): StoredEngine | undefined {
    return this.connected.get(name);
  }

  /** All that are stored, as far as they are connected. */
  all(): readonly StoredEngine[] {
    return [...this.connected.values()];
  }

  /** Resolves when all that is stored at the time of the call is connected, and nothing else is. */
  refresh(): Promise<void> {
    const refreshed = this.working.then(() => this.apply());
    this.working = refreshed.catch(() => undefined);
    return refreshed;
  }

  private async poll(): Promise<void> {
    try {
      if ((await this.store.revision()) !== this.revision) await this.refresh();
      this.failing = false;
    } catch (error) {
      if (!this.failing)
        this.logger.warn(
          { reason: messageOf(error) },
          'engines cannot be read from the database; those that are connected stay',
        );
      this.failing = true;
    }
  }

  private async apply(): Promise<void> {
    const revision = await this.store.revision();
    const wanted = new Map((await this.store.all()).map((engine) => [engine.name, engine]));
    const outdated = [...this.connected].filter(([name, known]) => !isSame(known, wanted.get(name)));
    for (const [name] of outdated) this.connected.delete(name);
    const closing = outdated.map(([name]) => this.setup.disconnect(name));
    for (const [name, engine] of wanted) {
      if (this.connected.has(name)) continue;
      this.setup.connect(this.definition(engine));
      this.connected.set(name, engine);
    }
    await Promise.all(closing);
    this.revision = revision;
  }

  /** One that can't be used any more must not keep the others, or the program, from starting. */
  private definition(engine: StoredEngine): EngineDefinition | UnusableEngine {
    try {
      return this.setup.define(engine.name, this.keys.wish(engine));
    } catch (error) {
      const reason = messageOf(error);
      this.logger.error({ engine: engine.name, reason }, 'engine cannot be used');
      return { name: engine.name, unusable: reason };
    }
  }
}

function isSame(known: StoredEngine, stored: StoredEngine | undefined): boolean {
  return known.id === stored?.id && known.revision === stored.revision;
}
