import type { DomainError } from '../common/errors.js';
import type { Upstream } from './upstream.js';

/** A share in an upstream. It has to be given back exactly when its viewer is gone; giving it back twice does no harm. */
export interface Lease<S> {
  readonly shared: S;
  release(): void;
}

interface Entry<S> {
  readonly shared: S;
  viewers: number;
  linger: NodeJS.Timeout | undefined;
}

/**
 * The upstreams of one kind that are open now, by key. The first viewer opens, the others share, and shortly after the last
 * has left it is closed. One that is over is no longer given out: the next viewer opens anew.
 */
export class SharedUpstreams<S extends { readonly upstream: Upstream }> {
  private readonly entries = new Map<string, Entry<S>>();

  /** @param lingerMs how long an upstream without viewers stays open, so that a page reload does not open it again */
  constructor(private readonly lingerMs: number) {}

  /** How many upstreams are open. */
  get size(): number {
    return this.entries.size;
  }

  /** A share in the upstream of `key`, which `open` opens where there is none. */
  acquire(key: string, open: () => S): Lease<S> {
    const current = this.entries.get(key);
    const entry = current && !current.shared.upstream.over ? current : this.add(key, open());
    clearTimeout(entry.linger);
    entry.viewers++;
    let released = false;
    return {
      shared: entry.shared,
      release: () => {
        if (released) return;
        released = true;
        this.left(entry);
      },
    };
  }

  /** Ends all of them for all their viewers with `failure`. */
  close(failure: DomainError): void {
    for (const { shared, linger } of this.entries.values()) {
      clearTimeout(linger);
      shared.upstream.close(failure);
    }
  }

  private add(key: string, shared: S): Entry<S> {
    const entry: Entry<S> = { shared, viewers: 0, linger: undefined };
    this.entries.set(key, entry);
    void shared.upstream.finished.then(() => {
      clearTimeout(entry.linger);
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    return entry;
  }

  private left(entry: Entry<S>): void {
    entry.viewers--;
    if (entry.viewers > 0 || entry.shared.upstream.over) return;
    entry.linger = setTimeout(() => entry.shared.upstream.close(), this.lingerMs).unref();
  }
}
