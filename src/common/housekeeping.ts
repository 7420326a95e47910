import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { messageOf } from './errors.js';

interface Chore {
  /** The time from one turn to the next, in milliseconds. */
  readonly everyMs: number;
  /** Whose log tells that a turn failed. */
  readonly logger: string;
  /** What is the case then: "old jobs can't be forgotten". */
  readonly failure: string;
}

/**
 * Work that is done at start and then again and again, such as deleting what nobody needs any more. A provider that extends
 * it is started and stopped with the application, which waits for no more than the turn under way. A turn that fails is
 * logged, and is as good as over; one that takes longer than the time between two lets the next one go by.
 */
export abstract class Housekeeping implements OnApplicationBootstrap, OnModuleDestroy {
  /** Whether the application ends: what takes long leaves the rest for another time. */
  protected stopping = false;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  protected constructor(private readonly chore: Chore) {}

  /** One turn. */
  abstract run(): Promise<unknown>;

  onApplicationBootstrap(): void {
    this.turn();
    this.timer = setInterval(() => this.turn(), this.chore.everyMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stopping = true;
    await this.running;
  }

  private turn(): void {
    this.running ??= this.attempt().finally(() => (this.running = undefined));
  }

  private async attempt(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      const { logger, failure, everyMs } = this.chore;
      const minutes = everyMs / 60_000;
      new Logger(logger).warn(
        `${failure} now, which is tried again in ${minutes} minutes: ${messageOf(error)}`,
      );
    }
  }
}
