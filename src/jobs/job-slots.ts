import { DomainError } from '../common/errors.js';

/** Jobs of one process that are done at the same time; of one actor. Those that wait are counted besides. */
export const MAX_RUNNING = 16;
export const MAX_RUNNING_OF_ONE = 6;
/** Jobs of one process that have not ended; of one actor. More are refused. */
export const MAX_UNFINISHED = 200;
export const MAX_UNFINISHED_OF_ONE = 50;
const RETRY_AFTER_S = 10;

export interface SlotLimits {
  readonly running: number;
  readonly runningOfOne: number;
  readonly unfinished: number;
  readonly unfinishedOfOne: number;
}

const LIMITS: SlotLimits = {
  running: MAX_RUNNING,
  runningOfOne: MAX_RUNNING_OF_ONE,
  unfinished: MAX_UNFINISHED,
  unfinishedOfOne: MAX_UNFINISHED_OF_ONE,
};

/** A place that is kept for one that is not there yet. Exactly one of its methods is to be called, once. */
export interface Place<T> {
  enter(item: T): void;
  giveUp(): void;
}

/** A few at a time, in the order in which they came; one actor's never take all room. */
export class JobSlots<T extends { readonly creator: string }> {
  private readonly waiting: T[] = [];
  private readonly running = new Set<T>();
  private readonly unfinished = new Map<string, number>();
  private total = 0;

  /** @param run does it; never rejects */
  constructor(
    private readonly run: (item: T) => Promise<void>,
    private readonly limits: SlotLimits = LIMITS,
  ) {}

  /** @throws DomainError `too_many_requests` */
  reserve(creator: string): Place<T> {
    const { unfinished, unfinishedOfOne } = this.limits;
    const ofOne = this.unfinished.get(creator) ?? 0;
    if (ofOne >= unfinishedOfOne) throw full(`${unfinishedOfOne} of your jobs have not ended yet`);
    if (this.total >= unfinished) throw full(`${unfinished} jobs have not ended yet`);
    this.unfinished.set(creator, ofOne + 1);
    this.total++;
    return {
      enter: (item) => {
        this.waiting.push(item);
        this.fill();
      },
      giveUp: () => this.leave(creator),
    };
  }

  /** Takes one out that waits. @returns whether it did; one that is being done is not */
  withdraw(item: T): boolean {
    const index = this.waiting.indexOf(item);
    if (index < 0) return false;
    this.waiting.splice(index, 1);
    this.leave(item.creator);
    return true;
  }

  private fill(): void {
    for (;;) {
      if (this.running.size >= this.limits.running) return;
      const index = this.waiting.findIndex(({ creator }) => this.mayRun(creator));
      const [next] = index < 0 ? [] : this.waiting.splice(index, 1);
      if (next === undefined) return;
      this.running.add(next);
      void this.run(next).finally(() => {
        this.running.delete(next);
        this.leave(next.creator);
        this.fill();
      });
    }
  }

  private mayRun(creator: string): boolean {
    let running = 0;
    for (const item of this.running) if (item.creator === creator) running++;
    return running < this.limits.runningOfOne;
  }

  private leave(creator: string): void {
    const left = (this.unfinished.get(creator) ?? 1) - 1;
    if (left > 0) this.unfinished.set(creator, left);
    else this.unfinished.delete(creator);
    this.total--;
  }
}

function full(message: string): DomainError {
  return new DomainError('too_many_requests', message, { retryAfter: RETRY_AFTER_S });
}
