import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { ExpiringCache } from '../common/expiring-cache.js';

/** How late a change that another replica made may be seen. */
const MAX_AGE_MS = 2_000;
const MAX_ACTORS = 10_000;
const MAX_LOOK_UPS = 10_000;

/**
 * Remembers for a moment whom a token stands for, so that a busy client does not cost a query per request. Look-ups
 * and unknown tokens are kept apart, so that somebody who sends many of them does not push out those in use.
 */
@Injectable()
export class CredentialCache {
  private readonly actors: ExpiringCache<Actor>;
  private readonly lookUps: ExpiringCache<Actor | undefined>;
  private readonly live: ExpiringCache<boolean>;
  private readonly teams: ExpiringCache<readonly string[]>;
  private generation = 0;

  constructor(clock: Clock) {
    this.actors = new ExpiringCache(clock, { ttlMs: MAX_AGE_MS, capacity: MAX_ACTORS });
    this.lookUps = new ExpiringCache(clock, { ttlMs: MAX_AGE_MS, capacity: MAX_LOOK_UPS });
    this.live = new ExpiringCache(clock, { ttlMs: MAX_AGE_MS, capacity: MAX_ACTORS });
    this.teams = new ExpiringCache(clock, { ttlMs: MAX_AGE_MS, capacity: MAX_ACTORS });
  }

  /** Whom the token with this hash stands for; undefined for nobody. */
  async actor(tokenHash: string, lookUp: () => Promise<Actor | undefined>): Promise<Actor | undefined> {
    const known = this.actors.peek(tokenHash);
    if (known) return known;
    const { generation } = this;
    const actor = await this.lookUps.get(tokenHash, lookUp);
    if (actor && generation === this.generation) {
      this.lookUps.delete(tokenHash);
      await this.actors.get(tokenHash, () => Promise.resolve(actor));
    }
    return actor;
  }

  /** Whether the session or API token with this id is still good. */
  isLive(id: string, lookUp: () => Promise<boolean>): Promise<boolean> {
    return this.live.get(id, lookUp);
  }

  /** The ids of the teams that the user with this id is in. */
  teamIds(userId: string, lookUp: () => Promise<readonly string[]>): Promise<readonly string[]> {
    return this.teams.get(userId, lookUp);
  }

  /**
   * Makes every credential and membership be looked up again, also those being looked up: call it when one was
   * withdrawn.
   */
  clear(): void {
    this.generation++;
    this.actors.clear();
    this.lookUps.clear();
    this.live.clear();
    this.teams.clear();
  }
}
