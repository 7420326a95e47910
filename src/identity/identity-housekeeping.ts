import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { messageOf } from '../common/errors.js';
import { SessionsService } from './sessions.service.js';
import { SignInThrottle } from './sign-in-throttle.js';

const INTERVAL_MS = 60 * 60_000;

/** Deletes, at start and every hour, what has ended and can't be used any more. */
@Injectable()
export class IdentityHousekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly sessions: SessionsService,
    private readonly throttle: SignInThrottle,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.run();
    this.timer = setInterval(() => void this.run(), INTERVAL_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async run(): Promise<void> {
    try {
      await this.sessions.purge();
      await this.throttle.purge();
    } catch (error) {
      new Logger('Identity').warn(`housekeeping failed, and is tried again in an hour: ${messageOf(error)}`);
    }
  }
}
