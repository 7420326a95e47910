import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { EngineChronicle } from '../gate/engine-chronicle.js';
import { DomainError } from '../common/errors.js';
import { compare, type Finding } from './comparison.js';
import { keyOf } from './event-source-store.js';
import { type KnownObject, knownFrom, TOLD_KINDS, type ToldKind } from './known-object.js';

/** What differs is looked at again after so long: an event of it may be on its way. */
export const SECOND_LOOK_MS = 2_000;
/** Objects that are compared without letting others have their turn. */
const AT_ONCE = 1_000;

/** Something that happened to an object and that no event told of. */
export interface Missed {
  /** As it is now, or was known last where it is gone. */
  readonly object: KnownObject;
  readonly isGone: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Finds what events have missed: compares what they have told of an engine's objects with what memory has, which lists are
 * compared with. An object counts as missed only when it differs at two looks and no event of it came in between.
 */
export class MissedChanges {
  /** When an event of an object came last, in milliseconds since the epoch. */
  private touched = new Map<string, number>();
  private suspects = new Map<string, number>();
  private revisions = new Map<ToldKind, number>();

  constructor(
    private readonly engine: string,
    private readonly known: ReadonlyMap<string, KnownObject>,
    private readonly chronicle: EngineChronicle,
  ) {}

  /** An event of the object came. */
  heard({ kind, id }: Pick<KnownObject, 'kind' | 'id'>): void {
    const key = keyOf(kind, id);
    this.touched.set(key, Date.now());
    this.suspects.delete(key);
  }

  /** Whether there is something to look at a second time. */
  get inDoubt(): boolean {
    return this.suspects.size > 0;
  }

  /** All that there is, as it is now. */
  async stock(signal: AbortSignal): Promise<KnownObject[]> {
    const objects: KnownObject[] = [];
    for (const kind of TOLD_KINDS)
      for (const object of (await this.objects(kind, signal)) ?? []) objects.push(object);
    return objects;
  }

  /** What was missed for sure. What may have been is looked at again by the next look, after `SECOND_LOOK_MS`. */
  async look(signal: AbortSignal): Promise<Missed[]> {
    const missed: Missed[] = [];
    const now = Date.now();
    for (const [key, at] of this.touched) if (now - at > SECOND_LOOK_MS) this.touched.delete(key);
    for (const kind of TOLD_KINDS) {
      const objects = await this.objects(kind, signal);
      if (!objects) continue;
      const gone = new Map([...this.known].filter(([, object]) => object.kind === kind));
      let count = 0;
      for (const object of objects) {
        const key = keyOf(kind, object.id);
        gone.delete(key);
        if (++count % AT_ONCE === 0) await nextTurn();
        const before = this.known.get(key);
        const findings = compare(kind, before, object);
        const { createdAt: _, ...rest } = object;
        if (findings.length > 0 || isBehind(before, rest)) {
          const isSure = this.suspect(key, now, findings.length === 0);
          if (isSure) missed.push({ object: rest, isGone: false, findings });
        } else this.suspects.delete(key);
      }
      for (const [key, object] of gone) {
        if (this.suspect(key, now, false))
          missed.push({ object, isGone: true, findings: compare(kind, object, undefined) });
      }
    }
    return missed;
  }

  /** @returns whether it has differed for long enough without an event */
  private suspect(key: string, now: number, harmless: boolean): boolean {
    if (this.touched.has(key)) return false;
    if (harmless) return true;
    const since = this.suspects.get(key);
    if (since === undefined) this.suspects.set(key, now);
    if (since === undefined || now - since < SECOND_LOOK_MS) return false;
    this.suspects.delete(key);
    return true;
  }

  /** @returns undefined where memory does not know, or nothing changed since the last look */
  private async objects(
    kind: ToldKind,
    signal: AbortSignal,
  ): Promise<(KnownObject & { readonly createdAt: number })[] | undefined> {
    try {
      const { records, staleSince, revision } = await this.chronicle.snapshot(this.engine, kind, signal);
      const isNew = this.revisions.get(kind) !== revision || this.inDoubt || this.touched.size > 0;
      if (staleSince !== undefined || !isNew) return undefined;
      this.revisions.set(kind, revision);
      return records.map((record) => ({
        ...knownFrom(kind, record as never),
        createdAt: record.createdAt,
      }));
    } catch (error) {
      // An engine in no swarm has no services and nodes; whether they are gone it can not know.
      if (error instanceof DomainError && (kind === 'service' || kind === 'node')) return undefined;
      throw error;
    }
  }
}

/** Whether the object was changed by an event in a way that the event does not tell. */
function isBehind(before: KnownObject | undefined, now: KnownObject): boolean {
  return (
    before !== undefined &&
    (before.kind === 'image' || before.kind === 'service') &&
    !isDeepStrictEqual(before.facts, now.facts)
  );
}
