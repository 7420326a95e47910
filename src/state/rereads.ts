/** Calls to one engine at one time. */
const AT_ONCE = 8;

interface Request {
  readonly done: Promise<undefined>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads objects again, by id: each at most once at a time, and at most a few at once. Whoever asks while an object is
 * being read gets a reading that began after the question, which all who ask meanwhile share.
 */
export class Rereads {
  private readonly waiting = new Map<string, Request>();
  private readonly underWay = new Map<string, { next?: Request }>();

  /** @param read reads one object and keeps what it finds */
  constructor(private readonly read: (id: string) => Promise<void>) {}

  /** How many objects wait for their turn. */
  get size(): number {
    return this.waiting.size;
  }

  /** Resolves when the object was read, by a reading that began after this call. */
  request(id: string): Promise<void> {
    const running = this.underWay.get(id);
    if (running) return (running.next ??= newRequest()).done;
    const waiting = this.waiting.get(id);
    if (waiting) return waiting.done;
    const request = newRequest();
    this.waiting.set(id, request);
    this.pump();
    return request.done;
  }

  private pump(): void {
    for (const [id, request] of this.waiting) {
      if (this.underWay.size >= AT_ONCE) return;
      this.waiting.delete(id);
      void this.start(id, request);
    }
  }

  private async start(id: string, request: Request): Promise<void> {
    const running: { next?: Request } = {};
    this.underWay.set(id, running);
    try {
      await this.read(id);
      request.resolve();
    } catch (error) {
      request.reject(error);
    }
    this.underWay.delete(id);
    if (running.next) this.waiting.set(id, running.next);
    this.pump();
  }
}

function newRequest(): Request {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  return { done: promise, resolve: () => resolve(undefined), reject };
}
