import type { EngineEvent } from '../engine/wire/engine-event.js';

/** What the engine puts beside the labels in an event's attributes: a selector must not take it for labels. */
export const NOT_LABELS: ReadonlySet<string> = new Set([
  'name',
  'image',
  'exitCode',
  'execDuration',
  'execID',
  'signal',
  'oldName',
  'container',
  'destination',
  'driver',
  'propagation',
  'read/write',
  'comment',
  'imageID',
  'imageRef',
]);

/** The labels of an event's object as the event has them. Of those that are called as in `NOT_LABELS` it tells nothing. */
export function labelsInEvent({ attributes }: EngineEvent): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !NOT_LABELS.has(key)));
}
