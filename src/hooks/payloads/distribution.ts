import { textAt, valueAt } from './json-pointer.js';
import type { Happening, SentPayload, Understood } from './sent-payload.js';

/** A registry tells of at most so many at once that we look at. */
const MOST_EVENTS = 100;

/**
 * Pushes of manifests, as registries of the distribution project tell of them
 * (https://distribution.github.io/distribution/about/notifications/). What else they tell of, pulls foremost, is nothing to us.
 */
export function distribution({ document }: SentPayload): Understood {
  const events = valueAt(document, '/events');
  const happenings = (Array.isArray(events) ? (events as unknown[]) : [])
    .slice(0, MOST_EVENTS)
    .flatMap(pushed);
  return happenings.length > 0 ? { happenings } : { ignored: 'It tells of no push of an image' };
}

function pushed(event: unknown): Happening[] {
  const repository = textAt(event, '/target/repository');
  const mediaType = textAt(event, '/target/mediaType') ?? '';
  const isPush = textAt(event, '/action') === 'push' && /manifest|image\.index/.test(mediaType);
  if (!isPush || repository === undefined) return [];
  const host = textAt(event, '/request/host');
  return [
    {
      repository: host === undefined ? repository : `${host}/${repository}`,
      tag: textAt(event, '/target/tag'),
      digest: textAt(event, '/target/digest'),
    },
  ];
}
