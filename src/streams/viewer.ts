import { DomainError } from '../common/errors.js';

/** Where a viewer's items come from. */
export interface ViewerSource<T> {
  /** Settles when the engine has answered. */
  readonly opened: Promise<void>;
  readonly items: AsyncGenerator<T, void, undefined>;
}

interface Asked<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: unknown): void;
}

const DONE = { done: true, value: undefined } as const;

/**
 * One reader of a stream. Nothing is read on its behalf before it asks with `next()`.
 *
 * It ends when the stream does, when its reader leaves (`return()`, also by `break` in `for await`), when its signal is aborted and
 * when the program stops. Whatever it holds is given back at that very moment, even while a `next()` is waiting on a
 * silent stream. (A plain async generator would let `return()` wait behind that `next()`.)
 *
 * An aborted signal whose reason is a DomainError ends the viewer with that error; any other reason ends it quietly.
 */
export class Viewer<T> implements AsyncIterableIterator<T, undefined> {
  private readonly stopping = new AbortController();
  private readonly source: ViewerSource<T>;
  private readonly asked = new Set<Asked<T>>();
  private readonly callbacks: (() => void)[] = [];
  private over = false;
  /** What ended the viewer, until its reader has been told. */
  private failure: DomainError | undefined;

  /** @param open starts reading; its `stop` is aborted when the viewer is over */
  constructor(
    open: (stop: AbortSignal) => ViewerSource<T>,
    private readonly signal: AbortSignal,
  ) {
    this.source = open(this.stopping.signal);
    // Who does not ask whether it opened learns of a refusal by the first item.
    this.source.opened.catch(() => undefined);
    signal.addEventListener('abort', this.onAbort);
    if (signal.aborted) this.onAbort();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Calls `callback` once, as soon as the viewer is over. */
  whenOver(callback: () => void): void {
    if (this.over) callback();
    else this.callbacks.push(callback);
  }

  /**
   * Resolves when the engine has accepted, which for a silent container is long before the first item.
   *
   * @throws DomainError what the engine refused with; `cancelled` where the viewer ended before. The viewer is over then.
   */
  async opened(): Promise<void> {
    const over = new Promise<never>((_, reject) => {
      this.whenOver(() => reject(this.failure ?? new DomainError('cancelled', 'The stream was cancelled')));
    });
    try {
      await Promise.race([over, this.source.opened]);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.over) return this.verdict();
    return new Promise((resolve, reject) => void this.ask({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.end();
    this.failure = undefined;
    return Promise.resolve(DONE);
  }

  /** Ends the viewer. `failure` is what its next or waiting `next()` rejects with. */
  end(failure?: DomainError): void {
    if (this.over) return;
    this.over = true;
    this.failure = failure;
    this.signal.removeEventListener('abort', this.onAbort);
    this.stopping.abort();
    for (const callback of this.callbacks.splice(0)) callback();
    for (const { resolve, reject } of this.asked) this.verdict().then(resolve, reject);
    this.asked.clear();
    // What its source still does is clean up after itself; nobody is left to hear how that went.
    this.source.items.return().catch(() => undefined);
  }

  private async ask(asked: Asked<T>): Promise<void> {
    this.asked.add(asked);
    try {
      const result = await this.source.items.next();
      if (!this.asked.delete(asked)) return; // It was answered already, when the viewer ended.
      if (result.done === true) this.end();
      asked.resolve(result.done === true ? DONE : result);
    } catch (error) {
      if (!this.asked.delete(asked)) return;
      this.end();
      asked.reject(error);
    }
  }

  /** The failure once, then the end. */
  private verdict(): Promise<IteratorResult<T, undefined>> {
    const { failure } = this;
    this.failure = undefined;
    return failure ? Promise.reject(failure) : Promise.resolve(DONE);
  }

  private readonly onAbort = () => {
    const reason: unknown = this.signal.reason;
    this.end(reason instanceof DomainError ? reason : undefined);
  };
}
