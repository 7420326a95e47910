import type { OwnershipService, PastOwner } from '../access/ownership.service.js';
import type { EngineChronicle, EngineEvent } from '../gate/engine-chronicle.js';
import { labelsInEvent, repositoryOf } from '../gate/engine-chronicle.js';
import type { Finding } from './comparison.js';
import { type DomainEvent, type EventData, eventId } from './domain-event.js';
import type { Progress } from './event-source-store.js';
import { keyOf } from './event-source-store.js';
import {
  afterEvent,
  type ImageFacts,
  isToldKind,
  type KnownObject,
  knownFrom,
  NOTHING_KNOWN,
  type ToldKind,
} from './known-object.js';
import { type Told, toldByEngine } from './told-by-engine.js';

/** Something that an engine told, with the object as it was then. */
interface Occurrence {
  readonly id: string;
  readonly told: Told;
  readonly at: number;
  readonly object: KnownObject;
}

/** Makes domain events of what one engine tells, and of what comparisons find, and keeps what is known of its objects in step. */
export class EngineTeller {
  constructor(
    private readonly engine: string,
    readonly known: Map<string, KnownObject>,
    private readonly chronicle: EngineChronicle,
    private readonly ownership: OwnershipService,
  ) {}

  /** What is to be written down of these events of the engine, in their order. */
  async ofEvents(events: readonly EngineEvent[]): Promise<Progress> {
    const occurrences: Occurrence[] = [];
    for (const event of events) {
      const occurrence = await this.occurrence(event);
      if (!occurrence) continue;
      occurrences.push(occurrence);
      const { object, told, at } = occurrence;
      this.keep(object.kind, object.id, afterEvent(object, told, at));
    }
    return this.progress(occurrences);
  }

  /**
   * What is to be written down of what a comparison found.
   *
   * @param object as it is now, or was known last where it is gone
   * @param after when events were heard last, in milliseconds since the epoch
   */
  async ofFindings(
    found: readonly {
      readonly object: KnownObject;
      readonly isGone: boolean;
      readonly findings: readonly Finding[];
    }[],
    after: number,
  ): Promise<Progress> {
    const now = Date.now();
    const occurrences = found.flatMap(({ object, findings }) =>
      findings.map(({ type, data, at }, index): Occurrence => {
        const { kind, id, name } = object;
        const honest: EventData = at === undefined ? { happenedAfter: new Date(after).toISOString() } : {};
        const told = { type, kind, id, name, data: { ...data, ...honest, foundByComparison: true } };
        const cause = [this.engine, kind, id, type, at ?? after, index, JSON.stringify(data)];
        return { id: eventId('comparison', ...cause), told, at: at ?? now, object };
      }),
    );
    for (const { object, isGone } of found) {
      const { owner } = this.known.get(keyOf(object.kind, object.id)) ?? {};
      this.keep(object.kind, object.id, isGone ? undefined : { owner, ...object });
    }
    return this.progress(
      occurrences,
      found.map(({ object }) => object),
    );
  }

  /** What an engine's event tells, and of which object; undefined for what is not told of. */
  private async occurrence(event: EngineEvent): Promise<Occurrence | undefined> {
    const told = toldByEngine(event);
    if (!told || !isToldKind(told.kind)) return undefined;
    const { type, kind } = told;
    const id = idOfEvent(this.engine, event);
    const at = event.timeNano / 1e6;
    const object = await this.objectOf(told as Told & { kind: ToldKind }, event);
    const name = told.name === '' ? object.name : told.name;
    const data = { ...told.data, ...(await this.containerName(told)) };
    return { id, told: { type, kind, id: object.id, name, data }, at, object };
  }

  /** Events of networks tell only the id of the container that came or went. */
  private async containerName({ kind, data: { container } }: Told): Promise<EventData> {
    if (kind !== 'network' || container === undefined) return {};
    if (typeof container !== 'string') return { containerName: null };
    const known = this.known.get(keyOf('container', container)) ?? (await this.look('container', container));
    return { containerName: known?.name ?? null };
  }

  private async objectOf(told: Told & { kind: ToldKind }, event: EngineEvent): Promise<KnownObject> {
    const { kind, name } = told;
    const id = kind === 'image' ? await this.imageId(told.id) : told.id;
    const known = this.known.get(keyOf(kind, id));
    if (known) return known;
    const found = await this.look(kind, id);
    // Of one that is gone before it was looked at, no more is known than its event tells.
    const labels = found?.labels ?? (kind === 'container' ? labelsInEvent(event) : {});
    const guessed = found ? {} : { labelsGuessed: true as const };
    // Not as it is by now: what happened since is still to be told.
    const facts = kind === 'image' && found ? found.facts : NOTHING_KNOWN[kind];
    return { kind, id, name: found?.name ?? name, labels, facts, ...guessed };
  }

  /** As it is now, where it still is. What only a manager knows, the engine may refuse to tell. */
  private async look(kind: ToldKind, id: string): Promise<KnownObject | undefined> {
    try {
      const record = await this.chronicle.object(this.engine, kind, id);
      return record && knownFrom(kind, record as never);
    } catch {
      return undefined; // the event tells enough; an engine that is away ends its event stream too
    }
  }

  /** Events of pulls name the image, all others tell its id. */
  private async imageId(reference: string): Promise<string> {
    if (reference.startsWith('sha256:')) return reference;
    return (await this.chronicle.image(this.engine, reference))?.id ?? reference;
  }

  private keep(kind: ToldKind, id: string, object: KnownObject | undefined): void {
    if (object) this.known.set(keyOf(kind, id), object);
    else this.known.delete(keyOf(kind, id));
  }

  private async progress(
    occurrences: readonly Occurrence[],
    more: readonly KnownObject[] = [],
  ): Promise<Progress> {
    const touched = new Map(
      [...occurrences.map(({ object }) => object), ...more].map((object) => [
        keyOf(object.kind, object.id),
        object,
      ]),
    );
    const owners = await this.ownersOf([...touched.values()]);
    const known: KnownObject[] = [];
    const gone: Pick<KnownObject, 'kind' | 'id'>[] = [];
    for (const [key, object] of touched) {
      const now = this.known.get(key);
      if (!now) {
        gone.push(object);
        continue;
      }
      const owned = { ...now, owner: now.owner ?? owners.get(key) };
      this.known.set(key, owned);
      known.push(owned);
    }
    const events = occurrences.map(({ id, told, at, object }): DomainEvent => {
      const { type, kind, name, data } = told;
      return {
        id,
        type,
        engine: this.engine,
        subject: { kind, id: object.id, name: name === '' ? null : name },
        labels: object.labels,
        ...(object.labelsGuessed ? { labelsGuessed: true } : {}),
        ...(kind === 'image' ? { repositories: repositoriesOf(object, data) } : {}),
        owner: object.owner ?? owners.get(keyOf(kind, object.id)),
        data,
        at,
      };
    });
    return { events, known, gone };
  }

  private async ownersOf(objects: readonly KnownObject[]): Promise<Map<string, PastOwner>> {
    const owners = new Map<string, PastOwner>();
    for (const kind of new Set(objects.map((object) => object.kind))) {
      const ids = objects.filter((object) => object.kind === kind).map(({ id }) => id);
      for (const [id, owner] of await this.ownership.lastOwners(this.engine, kind, ids))
        owners.set(keyOf(kind, id), owner);
    }
    return owners;
  }
}

/** An event of the engine has no id of its own: it is told apart by where, what, to what and when, to the nanosecond. */
export function idOfEvent(engine: string, { type, action, actorId, timeNano }: EngineEvent): string {
  return eventId(engine, type, action, actorId, timeNano);
}

/** By its names then; of an image without one, none. */
function repositoriesOf({ facts }: KnownObject, data: Told['data']): string[] {
  const { reference } = data;
  const names = [...(facts as ImageFacts).tags, ...(typeof reference === 'string' ? [reference] : [])];
  return [...new Set(names.map(repositoryOf))];
}
