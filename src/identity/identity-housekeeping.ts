import { Injectable } from '@nestjs/common';
import { Housekeeping } from '../common/housekeeping.js';
import { SessionsService } from './sessions.service.js';
import { SignInThrottle } from './sign-in-throttle.js';

const INTERVAL_MS = 60 * 60_000;

/** Deletes, at start and every hour, what has ended and can't be used any more. */
@Injectable()
export class IdentityHousekeeping extends Housekeeping {
  constructor(
    private readonly sessions: SessionsService,
    private readonly throttle: SignInThrottle,
  ) {
    super({
      everyMs: INTERVAL_MS,
      logger: 'Identity',
      failure: "sessions and sign-in attempts that have ended can't be deleted",
    });
  }

  async run(): Promise<void> {
    await this.sessions.purge();
    await this.throttle.purge();
  }
}
