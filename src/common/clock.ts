import { Injectable } from '@nestjs/common';

/** The time of day. Injected wherever something expires, so that tests set it instead of waiting for it. */
@Injectable()
export class Clock {
  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now();
  }
}

/** A clock that moves only when told to. For tests. */
export class ManualClock extends Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {
    super();
  }

  override now(): number {
    return this.time;
  }

  /** Moves the time on by `milliseconds`. */
  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
