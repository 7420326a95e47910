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

/** The engine's text of an event, with what `shown` tells in place of what it told. Its time stays exact to the nanosecond. */
export function eventText(text: string, { action, attributes }: EngineEvent): string {
  const document = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const changed = {
    ...document,
    ...(document['status'] === undefined ? {} : { status: action }),
    Action: action,
    Actor: { ...objectAt(document, 'Actor'), Attributes: attributes },
  };
  const exact = NANOSECONDS.exec(text)?.[0];
  const written = JSON.stringify(changed);
  return exact === undefined ? written : written.replace(NANOSECONDS, exact);
}

/** A key that is written so is no part of a text: there its quotes are escaped. */
const NANOSECONDS = /"timeNano":\d+/;

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
