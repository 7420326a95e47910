import { toDateTime } from '../common/date-time.js';
import type { StoredEvent } from '../events/domain-event.js';

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';
const SEQUENCE_DIGITS = 16;

/** Grows with what happens to one subject, and sorts as text. CloudEvents' extension "sequence". */
export function sequenceOf({ position }: Pick<StoredEvent, 'position'>): string {
  return String(position).padStart(SEQUENCE_DIGITS, '0');
}

/** What happened as a CloudEvent 1.0, in the JSON format and structured mode. */
export function toCloudEvent(event: StoredEvent): object {
  const { id, type, engine, subject, labels, data, at } = event;
  return {
    specversion: '1.0',
    id,
    type,
    source: engine === null ? '/dockmaster' : `/dockmaster/engines/${encodeURIComponent(engine)}`,
    subject: subject.id,
    time: toDateTime(at),
    datacontenttype: 'application/json',
    sequence: sequenceOf(event),
    data: { engine, kind: subject.kind, id: subject.id, name: subject.name, labels, ...data },
  };
}
