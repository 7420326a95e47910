import { toDateTime } from '../common/date-time.js';
import { DomainError } from '../common/errors.js';
import type { StoredEvent } from '../events/domain-event.js';
import { EVENT_TYPES } from '../events/event-types.js';
import { sequenceOf } from './cloud-event.js';

export const MAX_TEMPLATE = 4_096;
const MAX_PLACEHOLDERS = 50;
const MAX_DEPTH = 16;
/** Longer values are cut. */
const MAX_VALUE = 1_000;

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const LABEL = /^label:(\S{1,255})$/;

/** What a placeholder can stand for, besides `data.…` and `label:…`. */
const FIELDS: Readonly<Record<string, (event: StoredEvent) => string>> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  time: ({ at }) => toDateTime(at),
  sequence: sequenceOf,
  engine: ({ engine }) => engine ?? '',
  kind: ({ subject }) => subject.kind,
  subject: ({ subject }) => subject.id,
  name: ({ subject }) => subject.name ?? '',
  summary: ({ type, engine, subject, data }) => {
    const where = engine === null ? '' : ` on ${engine}`;
    const container = data['containerName'] ?? data['container'] ?? null;
    const which = container === null ? '' : ` (container ${container})`;
    return `${EVENT_TYPES[type].description}: ${subject.name ?? subject.id}${which}${where}`;
  },
};
const DATA_FIELDS: ReadonlySet<string> = new Set([
  'foundByComparison',
  'happenedAfter',
  ...Object.values(EVENT_TYPES).flatMap(({ data = {} }) => Object.keys(data)),
]);

/**
 * A body that is not a CloudEvent, for systems that want one of their own: JSON, in whose texts `{{field}}` stands for a value. It
 * has no conditions, loops or functions, and a value can end no text: it is put into the parsed document, not into its source.
 */
export class Template {
  private constructor(private readonly document: Json) {}

  /** @throws DomainError `invalid_input` (field `template`) that says what is wrong */
  static parse(text: string): Template {
    if (text.length > MAX_TEMPLATE) throw invalid(`must be at most ${MAX_TEMPLATE} characters`);
    let document: Json;
    try {
      document = JSON.parse(text) as Json;
    } catch (error) {
      throw invalid('must be JSON, with {{field}} in its texts', error);
    }
    if (typeof document !== 'object' || document === null) throw invalid('must be a JSON object or array');
    let placeholders = 0;
    mapTexts(document, (part) => {
      for (const [, field = ''] of part.matchAll(PLACEHOLDER)) {
        placeholders += 1;
        if (!isField(field.trim())) throw invalid(`has no field {{${field}}} to put in`);
      }
      if (/\{\{|\}\}/.test(part.replaceAll(PLACEHOLDER, ''))) throw invalid('has {{ or }} without the other');
      return part;
    });
    if (placeholders > MAX_PLACEHOLDERS) throw invalid(`must have at most ${MAX_PLACEHOLDERS} placeholders`);
    return new Template(document);
  }

  render(event: StoredEvent): string {
    const filled = mapTexts(this.document, (text) =>
      text.replaceAll(PLACEHOLDER, (_, field: string) => valueOf(event, field.trim()).slice(0, MAX_VALUE)),
    );
    return JSON.stringify(filled);
  }
}

function isField(field: string): boolean {
  if (Object.hasOwn(FIELDS, field) || LABEL.test(field)) return true;
  return field.startsWith('data.') && DATA_FIELDS.has(field.slice('data.'.length));
}

/** Empty for what the event does not tell. */
function valueOf(event: StoredEvent, field: string): string {
  const [, label] = LABEL.exec(field) ?? [];
  if (label !== undefined) return Object.hasOwn(event.labels, label) ? (event.labels[label] ?? '') : '';
  if (Object.hasOwn(FIELDS, field)) return FIELDS[field]?.(event) ?? '';
  const key = field.slice('data.'.length);
  return Object.hasOwn(event.data, key) ? String(event.data[key] ?? '') : '';
}

/** Keys stay as they are. */
function mapTexts(json: Json, change: (text: string) => string, depth = 0): Json {
  if (depth > MAX_DEPTH) throw invalid(`must be nested at most ${MAX_DEPTH} deep`);
  if (typeof json === 'string') return change(json);
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map((item: Json) => mapTexts(item, change, depth + 1));
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, mapTexts(value, change, depth + 1)]),
  );
}

function invalid(message: string, cause?: unknown): DomainError {
  return new DomainError('invalid_input', `template ${message}`, {
    errors: [{ field: 'template', message }],
    cause,
  });
}
