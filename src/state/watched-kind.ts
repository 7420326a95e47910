import type { EngineConnection } from '../engine/engine-connection.js';
import type { EngineEvent } from '../engine/wire/engine-event.js';

/** An object of an engine as it was when it was last read. Immutable: a change makes a new record. */
export interface ObjectRecord<Kept> {
  /** The full id; the name for a volume. */
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The object whose labels and owner decide who may see it, where that is not it itself: of a task, its service. */
  readonly belongsTo?: { readonly kind: string; readonly id: string };
  /** What is kept of the engine's document of it. */
  readonly kept: Kept;
}

/** An object as a list tells of it: enough to see whether what is kept may be out of date. */
export interface ListedObject<Document extends object = never> {
  readonly id: string;
  /** Differs from that of an earlier list when something of the object changed that lists show. */
  readonly fingerprint: string;
  /** Whether it may have changed in ways that lists do not show. */
  readonly active: boolean;
  /** Its whole document, where lists tell that. */
  readonly document?: Document;
}

/**
 * For kinds that not every engine has, or of which no event tells: they are listed when somebody asks, and while somebody
 * watches. Their lists tell whole documents.
 */
export interface OnDemand {
  /** How old a list may be that a read is answered from, in milliseconds. */
  readonly maxAgeMs: number;
  /** Whether the error of a list says that the engine has no such objects to tell of now: every read then ends with it. */
  isAbsence(error: unknown): boolean;
}

/**
 * What an event hints at: that the object has changed, or only what its whole document says besides what is kept; or that
 * objects have which it does not name.
 */
export interface Hint {
  readonly id: string;
  readonly changes: 'object' | 'document' | 'list';
}

/** What objects of a kind are called by, besides their id. */
export interface Naming<Kept> {
  names(record: ObjectRecord<Kept>): readonly string[];
  /** What a reference may mean, a name before the start of an id. */
  meanings(reference: string): { readonly names: readonly string[]; readonly idPrefix?: string };
}

/** One kind of objects: all that the list and watch has to know of it. Another kind is another of these. */
export interface WatchedKind<Kept extends object, Document extends object> {
  /** In the singular, as the engine's events call it. */
  readonly name: string;
  readonly onDemand?: OnDemand;
  list(connection: EngineConnection, signal: AbortSignal): Promise<ListedObject<Document>[]>;
  /** The engine's whole document; undefined where there is no such object. */
  read(connection: EngineConnection, id: string, signal: AbortSignal): Promise<Document | undefined>;
  /** Unless given, objects have one name, and the start of an id will do. */
  readonly naming?: Naming<Kept>;
  toRecord(document: Document): ObjectRecord<Kept>;
  /** Undefined for an event that tells nothing of this kind. */
  hint(event: EngineEvent): Hint | undefined;
  /** Where ids may be used again, of volumes the name, of images what is in them: the action of the event that tells of an end. */
  readonly endsWith?: string;
}
