import { numberAt, objectAt, textAt } from './json-document.js';

/** Something that happened on an engine (Engine API, SystemEvents). */
export interface EngineEvent {
  /** The kind of object it happened to: `container`, `image`, `network`, `volume`, `daemon`, … */
  readonly type: string;
  /** What happened, in the engine's words: `start`, `die`, `exec_create: ls`, … */
  readonly action: string;
  /** The object's id; a volume's name, an image's reference. Empty where the engine names none. */
  readonly actorId: string;
  /** What the engine tells of the object, its labels among it. */
  readonly attributes: Readonly<Record<string, string>>;
  /** `local`, or `swarm` for what happened in the cluster. */
  readonly scope: string;
  /** RFC 3339, to the millisecond. */
  readonly time: string;
  /** Nanoseconds since the epoch, as near as a JSON number comes: to about 256. */
  readonly timeNano: number;
}

/** An event from the engine's document. What is missing is empty. */
export function engineEvent(document: unknown): EngineEvent {
  const actor = objectAt(document, 'Actor');
  const timeNano = numberAt(document, 'timeNano') || numberAt(document, 'time') * 1e9;
  return {
    type: textAt(document, 'Type') ?? '',
    action: textAt(document, 'Action') ?? '',
    actorId: textAt(actor, 'ID') ?? '',
    attributes: texts(objectAt(actor, 'Attributes')),
    scope: textAt(document, 'scope') ?? 'local',
    time: isoTime(timeNano / 1e6),
    timeNano,
  };
}

function texts(attributes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const entries = Object.entries(attributes).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries);
}

function isoTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
