import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, messageOf } from '../common/errors.js';
import { RecentlyUsed } from '../common/recently-used.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import type { EngineEvent } from '../engine/wire/engine-event.js';
import { ObjectStore } from './object-store.js';
import { Rereads } from './rereads.js';
import type { ListedObject, WatchedKind } from './watched-kind.js';

/** Whole documents that are kept beside what is kept of every object. */
const KEPT_DOCUMENTS = 1_000;
/** A reading of one object that hangs is not to hold up the reads of all others. */
const SETTLE_PATIENCE_MS = 5_000;
/** More objects than this wait to be read only when a list is the better way to catch up. */
const MOST_WAITING = 20_000;

/** @param at in milliseconds since the epoch: by the engine's clock, or by ours when it was looked for and not there any more */
export type EndListener = (id: string, at: number) => void;

/** Keeps the store of one kind of objects on one engine in step with what the engine says of them. */
export class ObjectWatch<Kept extends object, Document extends object> {
  readonly store: ObjectStore<Kept>;
  private readonly rereads = new Rereads((id) => this.reread(id));
  private readonly documents = new RecentlyUsed<string, Document>(KEPT_DOCUMENTS);
  /** Readings of documents under way, by id. One that an event overtook is not kept. */
  private readonly reading = new Map<string, Promise<Document | undefined>>();
  /** One comparison with the list at a time, and one more for all who ask meanwhile. */
  private readonly comparisons = new Rereads(async () => {
    await this.compare(false, this.stopped);
  });
  /** As lists had them of those objects that were read since: one whose reading failed is not among them. */
  private fingerprints = new Map<string, string>();
  /** Objects that events told of since the last comparison. */
  private hinted = new Set<string>();
  /** Readings after changes made through our own doors. */
  private readonly ownChanges = new Set<Promise<void>>();
  /** Of a kind on demand: when it was last listed, in milliseconds since the epoch. */
  private listed: number | undefined;
  private doubtful = false;
  private absence: unknown;
  private readonly listeners: EndListener[] = [];
  /** When the last end happened that an event told of, in nanoseconds by the engine's clock. */
  private lastEnd = 0;

  /**
   * @param stopped aborted when the program stops
   * @param onDoubt called when what is kept may be out of date and only a list can tell
   */
  constructor(
    readonly kind: WatchedKind<Kept, Document>,
    private readonly connection: EngineConnection,
    private readonly stopped: AbortSignal,
    private readonly onDoubt: (reason: string) => void,
  ) {
    this.store = new ObjectStore(kind.naming);
  }

  /** Calls `listener` when an object is gone, also where another has its id by now. */
  onEnd(listener: EndListener): void {
    this.listeners.push(listener);
  }

  /** An event is a hint only: what it is about is read again. */
  heard(event: EngineEvent): void {
    const { type, action, actorId, timeNano } = event;
    if (type === this.kind.name && action === this.kind.endsWith && timeNano > this.lastEnd) {
      this.lastEnd = timeNano; // what the engine tells once more after a reconnection is no news
      this.ended(actorId, timeNano / 1e6);
    }
    const hint = this.kind.hint(event);
    if (!hint || (this.kind.onDemand && this.listed === undefined)) return;
    this.forgetDocument(hint.id);
    if (hint.changes === 'document') return;
    if (hint.changes === 'list') {
      this.comparisons.request('').catch((error: unknown) => this.doubt(error));
      return;
    }
    this.hinted.add(hint.id);
    if (this.rereads.size >= MOST_WAITING) this.onDoubt('more events than can be followed');
    else this.rereads.request(hint.id).catch((error: unknown) => this.doubt(error));
  }

  /**
   * Notes a change made through one of our doors: `settled` waits until it can be read.
   *
   * @param announce tells watchers of it also where nothing else than who may see it is different
   */
  touched(id: string, { announce = false }: { announce?: boolean } = {}): void {
    this.forgetDocument(id);
    this.hinted.add(id);
    const reading = this.rereads
      .request(id)
      .then(() => {
        if (announce) this.store.announce(id);
      })
      .catch((error: unknown) => this.doubt(error))
      .finally(() => this.ownChanges.delete(reading));
    this.ownChanges.add(reading);
  }

  /** Like `touched`, for a change of objects that it does not name. */
  touchedSome(): void {
    const comparison: Promise<void> = this.comparisons
      .request('')
      .then(() => undefined)
      .catch((error: unknown) => this.doubt(error))
      .finally(() => this.ownChanges.delete(comparison));
    this.ownChanges.add(comparison);
  }

  /** Reads the object from the engine once more. */
  refresh(id: string): Promise<void> {
    this.forgetDocument(id);
    return this.rereads.request(id);
  }

  /** Resolves when all changes made through our doors so far can be read, at the latest after 5 s. */
  async settled(): Promise<void> {
    if (this.ownChanges.size === 0) return;
    const patience = new AbortController();
    await Promise.race([
      Promise.all([...this.ownChanges]),
      sleep(SETTLE_PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).catch(() => undefined),
    ]);
    patience.abort();
  }

  /** Of a kind on demand: when it was last listed, in milliseconds since the epoch; undefined where it never was. */
  get listedAt(): number | undefined {
    return this.listed;
  }

  /** What is kept of a kind on demand may be out of date: the next read lists it. */
  outdated(): void {
    this.doubtful = true;
  }

  /**
   * Resolves when what is kept of a kind on demand is no older than it may be.
   *
   * @throws what the engine answers to the list
   */
  async upToDate(): Promise<void> {
    const { onDemand } = this.kind;
    if (!onDemand) return;
    const age = this.listed === undefined ? Infinity : Date.now() - this.listed;
    if (this.doubtful || this.absence !== undefined || age > onDemand.maxAgeMs)
      await this.comparisons.request('');
    if (this.absence !== undefined) throw this.absence as Error;
  }

  /** Compares what is kept with the engine, as `compare`. A kind on demand is compared when it is asked for. */
  async catchUp(everything: boolean, signal: AbortSignal): Promise<number> {
    if (!this.kind.onDemand) return this.compare(everything, signal);
    this.outdated();
    return 0;
  }

  /**
   * Lists what the engine has, and reads again what differs from what is kept.
   *
   * @param everything also what may have changed in ways that lists do not show
   * @returns how many objects had changed though no event told of it
   */
  async compare(everything: boolean, signal: AbortSignal): Promise<number> {
    const hintedBefore = this.hinted;
    this.hinted = new Set();
    const listed = await this.list(signal);
    if (!listed) return 0;
    const documents = new Map(listed.map(({ id, document }) => [id, document]));
    const before = this.fingerprints;
    const now = new Map(listed.map(({ id, fingerprint }) => [id, fingerprint]));
    const suspects = listed
      .filter(
        ({ id, fingerprint, active }) =>
          (everything && active) || before.get(id) !== fingerprint || !this.store.get(id),
      )
      .map(({ id }) => id);
    // What is kept but not listed is not gone for sure: a list may be older than what an event told of since.
    for (const { id } of this.store.all()) if (!now.has(id)) suspects.push(id);
    this.fingerprints = new Map(now);
    for (const id of suspects) this.fingerprints.delete(id);
    const { fingerprints } = this;
    if (everything) {
      this.documents.clear();
      this.reading.clear();
    }
    let unexpected = 0;
    await Promise.all(
      suspects.map(async (id) => {
        const known = this.store.get(id);
        this.forgetDocument(id);
        // What an event told of meanwhile may be newer than the list.
        if (this.kind.onDemand && !this.hinted.has(id)) this.take(id, documents.get(id), this.listed ?? 0);
        else if (!(await this.readIfItAnswers(id))) return;
        const fingerprint = now.get(id);
        if (fingerprint !== undefined) fingerprints.set(id, fingerprint);
        const missed = known !== this.store.get(id) && !hintedBefore.has(id) && !this.hinted.has(id);
        if (missed) unexpected += 1;
      }),
    );
    return unexpected;
  }

  /** The engine's whole document, from memory where nothing has happened to the object since it was read. */
  async document(id: string): Promise<Document | undefined> {
    const known = this.documents.get(id);
    if (known) return known;
    const underWay = this.reading.get(id);
    if (underWay) return underWay;
    const reading = this.readDocument(id);
    this.reading.set(id, reading);
    try {
      const document = await reading;
      if (document && this.reading.get(id) === reading) this.documents.set(id, document);
      return document;
    } finally {
      if (this.reading.get(id) === reading) this.reading.delete(id);
    }
  }

  /**
   * An engine that stands still over one object, which happens to containers, is followed all the same: that object stays as
   * it was known, and is read again with the next comparison.
   */
  private async readIfItAnswers(id: string): Promise<boolean> {
    try {
      await this.rereads.request(id);
      return true;
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'engine_timeout') throw error;
      this.onDoubt(`the engine does not answer about ${this.kind.name} ${id}`);
      return false;
    }
  }

  private async reread(id: string): Promise<void> {
    try {
      const began = Date.now();
      this.take(id, await this.document(id), began);
    } catch (error) {
      this.fingerprints.delete(id); // the next comparison reads it, though its list may look like the last
      throw error;
    }
  }

  /** @param readAt when the reading began, in milliseconds since the epoch */
  private take(id: string, document: Document | undefined, readAt: number): void {
    if (document) this.store.put(this.kind.toRecord(document));
    else if (this.store.remove(id)) this.ended(id, readAt);
  }

  private ended(id: string, at: number): void {
    for (const listener of this.listeners) listener(id, at);
  }

  /** @returns undefined where the engine has none of the kind to tell of */
  private async list(signal: AbortSignal): Promise<readonly ListedObject<Document>[] | undefined> {
    const began = Date.now();
    this.doubtful = false;
    try {
      const listed = await this.kind.list(this.connection, signal);
      this.absence = undefined;
      this.listed = began;
      return listed;
    } catch (error) {
      this.doubtful = true;
      if (this.kind.onDemand?.isAbsence(error) !== true) throw error;
      this.absence = error;
      return undefined;
    }
  }

  private readDocument(id: string): Promise<Document | undefined> {
    return this.kind.read(this.connection, id, this.stopped);
  }

  private forgetDocument(id: string): void {
    this.documents.delete(id);
    this.reading.delete(id);
  }

  private doubt(error: unknown): void {
    // What the stop of the program cancels leaves no doubt.
    if (error instanceof DomainError && error.kind === 'cancelled') return;
    this.onDoubt(messageOf(error));
  }
}
