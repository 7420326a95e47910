import { Bell } from '../common/bell.js';

/** How long a read waits, in milliseconds, for an engine that is back but not all read yet. */
const PATIENCE_MS = 2_000;

export interface Freshness {
  /** When all was last compared with the engine, in milliseconds since the epoch; undefined before the first time. */
  readonly syncedAt: number | undefined;
  /** Since when the engine is not followed; undefined while it is. */
  readonly staleSince: number | undefined;
  /** Why it is not followed; undefined while it is. */
  readonly failure: unknown;
}

/** How far what is kept of one engine can be relied on. */
export class EngineFreshness {
  /** Rings at each change. */
  readonly turned = new Bell();
  private state: Freshness = { syncedAt: undefined, staleSince: undefined, failure: undefined };
  private isCatchingUp = false;
  private attempts = 0;

  /** @param tryNow asks for an attempt to follow the engine, where none is under way */
  constructor(private readonly tryNow: () => void) {}

  get current(): Freshness {
    return this.state;
  }

  /** Whether the engine is followed, and all of it was read. */
  get live(): boolean {
    return this.state.syncedAt !== undefined && this.state.staleSince === undefined;
  }

  catchingUp(): void {
    this.isCatchingUp = true;
    this.turned.ring();
  }

  synced(): void {
    this.isCatchingUp = false;
    this.turn({ syncedAt: Date.now(), staleSince: undefined, failure: undefined });
  }

  failed(failure: unknown): void {
    this.isCatchingUp = false;
    this.attempts += 1;
    const { syncedAt, staleSince = syncedAt === undefined ? undefined : Date.now() } = this.state;
    this.turn({ syncedAt, staleSince, failure });
  }

  /**
   * Resolves when there is something to read: at once as a rule; as soon as all is read where the engine has just come, and
   * then at the latest after 2 s where there is something older.
   *
   * @throws why the engine cannot be reached, where it never was: found by an attempt that ended after this call; the
   *   reason of `signal`
   */
  async readable(signal?: AbortSignal): Promise<void> {
    if (this.live) return;
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const { attempts } = this;
    this.tryNow();
    while (!this.live) {
      signal?.throwIfAborted();
      const known = this.state.syncedAt !== undefined;
      if (known && (!this.isCatchingUp || patience.aborted)) return;
      if (!known && this.attempts > attempts) throw this.state.failure;
      const waits = [...(known ? [patience] : []), ...(signal ? [signal] : [])];
      await this.turned.wait(AbortSignal.any(waits));
    }
  }

  private turn(state: Freshness): void {
    this.state = state;
    this.turned.ring();
  }
}
