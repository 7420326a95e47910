import { DomainError, type ErrorKind } from '../common/errors.js';
import type { EngineFreshness } from './engine-freshness.js';
import type { ObjectChange } from './object-store.js';
import type { ObjectWatch } from './object-watch.js';
import type { EngineWatch } from './engine-watch.js';
import type { ObjectRecord } from './watched-kind.js';

/** All objects of one kind on one engine, at one time. */
export interface Snapshot<Kept> {
  /** Newest first. The same array until something changes. */
  readonly records: readonly ObjectRecord<Kept>[];
  readonly revision: number;
  /** When all was last compared with the engine, in milliseconds since the epoch. Since then events were followed. */
  readonly syncedAt: number;
  /** Since when the engine is away and nothing is followed; undefined while it is there. */
  readonly staleSince: number | undefined;
}

/** What a watcher gets. */
export type ObjectNews<Kept> =
  /** All there is: at the start, and again where the changes since are no longer known. Forget what you had. */
  | { readonly kind: 'all'; readonly snapshot: Snapshot<Kept> }
  /** What changed, oldest first; of several changes of one object only the last. */
  | { readonly kind: 'changes'; readonly changes: readonly ObjectChange<Kept>[]; readonly revision: number }
  /** The engine went away, or came back. */
  | { readonly kind: 'freshness'; readonly staleSince: number | undefined };

/**
 * The objects of one kind on one engine, as memory has them.
 *
 * How stale: what happens on the engine can be read here once its event has come and the object was read again, a few
 * milliseconds later as a rule. A change made through one of Dockmaster's doors (of this process) is seen by every read
 * that begins after its answer. An engine that is away leaves what was known last, marked with since when. What no event
 * tells of, such as the output of health probes, is as old as the object's last event. Kinds on demand are listed when they
 * are asked for and the last list is older than the kind allows (`OnDemand`); the first read waits for that.
 *
 * In what order: the changes of one object are seen in their order, though not each: one that was overtaken by the next is
 * left out. Between objects there is no order.
 *
 * A late watcher first gets all there is, then changes. A gap (a watcher too slow, or back too late) is closed by all there
 * is again. Nothing is kept for a watcher.
 *
 * Nothing here decides about rights. Only the gate calls it.
 */
export class ObjectState<Kept extends object, Document extends object> {
  private readonly engineFreshness: EngineFreshness;

  constructor(
    private readonly engine: EngineWatch,
    private readonly watch: ObjectWatch<Kept, Document>,
  ) {
    this.engineFreshness = engine.freshness;
  }

  /** Whether the engine is followed: what is not here is not there. */
  get live(): boolean {
    return this.engineFreshness.live;
  }

  get freshness(): { readonly syncedAt: number; readonly staleSince: number | undefined } {
    const { syncedAt, staleSince } = this.engineFreshness.current;
    const { kind, listedAt } = this.watch;
    return { syncedAt: (kind.onDemand ? listedAt : syncedAt) ?? 0, staleSince };
  }

  /**
   * @throws DomainError `engine_unavailable` where nothing is known yet and the engine cannot be reached; of a kind on
   *   demand, what the engine answers that has none
   */
  async snapshot(signal?: AbortSignal): Promise<Snapshot<Kept>> {
    if (!this.engineFreshness.live) await this.engineFreshness.readable(signal);
    await this.watch.settled();
    if (this.live) await this.watch.upToDate();
    else this.requireKnown();
    return this.now();
  }

  /**
   * The object that `reference` names here: a full id, a name, or the start of one id.
   *
   * @returns undefined for none; whether there is one on the engine only `live` tells
   * @throws of a kind on demand, what the engine answers that has none
   */
  async find(reference: string): Promise<ObjectRecord<Kept> | undefined> {
    await this.watch.settled();
    if (this.live) await this.watch.upToDate();
    return this.watch.store.find(reference);
  }

  /** The id of the object that `reference` names, as far as memory knows. */
  idOf(reference: string): string | undefined {
    return this.watch.store.find(reference)?.id;
  }

  /** The object as memory has it now, by its full id; undefined where it has none. */
  known(id: string): ObjectRecord<Kept> | undefined {
    return this.watch.store.get(id);
  }

  /** Those with the label, whatever its value, or with just that value. */
  withLabel(key: string, value?: string): ReadonlySet<ObjectRecord<Kept>> {
    return this.watch.store.withLabel(key, value);
  }

  /** The engine's whole document: from memory where nothing happened to the object since it was read, else read now. */
  async document(id: string): Promise<Document | undefined> {
    return this.watch.document(id);
  }

  /** Reads the object from the engine once more. @throws what the engine answers */
  refresh(id: string): Promise<void> {
    return this.watch.refresh(id);
  }

  /** Makes a document a record, as if it had been read here. For what is not in memory. */
  toRecord(document: Document): ObjectRecord<Kept> {
    return this.watch.kind.toRecord(document);
  }

  /** Resolves when everything was compared with the engine, by a comparison that began after this call. */
  async compare(): Promise<void> {
    if (!this.watch.kind.onDemand) return this.engine.compareNow();
    this.watch.outdated();
    return this.watch.upToDate();
  }

  /** Notes that objects of a kind on demand may have changed: the next read lists them. */
  outdated(): void {
    this.watch.outdated();
  }

  /** Notes a change made through one of our doors, of objects that it does not name. */
  touchedSome(): void {
    this.watch.touchedSome();
  }

  /**
   * Notes a change made through one of our doors.
   *
   * @param options.announce tells watchers of it also where nothing else than who may see it is different
   */
  touched(id: string, options?: { announce?: boolean }): void {
    this.watch.touched(id, options);
  }

  /**
   * What is new, as far as the watcher keeps up. It ends when `signal` is aborted, and with `unavailable` when the program
   * stops.
   *
   * @param after the revision up to which the watcher knows everything; unless given, or where that is too long ago, it
   *   first gets all there is
   */
  async *news(after: number | undefined, signal: AbortSignal): AsyncGenerator<ObjectNews<Kept>> {
    const { store } = this.watch;
    let known = after;
    let stale: number | undefined;
    const { closed } = this.engine;
    while (!signal.aborted) {
      closed.throwIfAborted();
      const changes = known === undefined ? undefined : store.changesSince(known);
      if (changes === undefined) {
        const snapshot = await this.snapshot(signal);
        yield { kind: 'all', snapshot };
        known = snapshot.revision;
        stale = snapshot.staleSince;
        continue;
      }
      if (changes.length > 0) {
        known = changes.at(-1)?.revision ?? known;
        yield { kind: 'changes', changes: lastOfEach(changes), revision: known ?? 0 };
        continue;
      }
      const { staleSince } = this.freshness;
      if (staleSince !== stale) {
        stale = staleSince;
        yield { kind: 'freshness', staleSince };
        continue;
      }
      const woken = new AbortController();
      const until = AbortSignal.any([signal, closed, woken.signal, ...this.nextLook()]);
      await Promise.race([store.changed.wait(until), this.engineFreshness.turned.wait(until)]);
      woken.abort();
      if (this.live) await this.look();
    }
  }

  /** Aborted when a kind on demand is to be listed again for those who watch it. */
  private nextLook(): AbortSignal[] {
    const { onDemand } = this.watch.kind;
    return onDemand ? [AbortSignal.timeout(onDemand.maxAgeMs)] : [];
  }

  private async look(): Promise<void> {
    try {
      await this.watch.upToDate();
    } catch (error) {
      // An engine that goes away ends no watch: that it is stale is told.
      if (!(error instanceof DomainError) || !AWAY.includes(error.kind)) throw error;
    }
  }

  private requireKnown(): void {
    if (!this.watch.kind.onDemand || this.watch.listedAt !== undefined) return;
    const { failure } = this.engineFreshness.current;
    throw failure instanceof DomainError
      ? failure
      : new DomainError('engine_unavailable', 'The engine cannot be reached', { retryAfter: 5 });
  }

  private now(): Snapshot<Kept> {
    const { store } = this.watch;
    return { records: store.all(), revision: store.revision, ...this.freshness };
  }
}

const AWAY: readonly ErrorKind[] = ['engine_unavailable', 'engine_timeout'];

function lastOfEach<Kept>(changes: readonly ObjectChange<Kept>[]): readonly ObjectChange<Kept>[] {
  const last = new Map<string, ObjectChange<Kept>>();
  for (const change of changes) {
    const before = last.get(change.record.id);
    last.delete(change.record.id); // and last again: in the order of revisions
    // To a watcher that did not know it yet it stays new.
    const kind = before?.kind === 'added' && change.kind === 'updated' ? 'added' : change.kind;
    last.set(change.record.id, { ...change, kind });
  }
  return [...last.values()];
}
