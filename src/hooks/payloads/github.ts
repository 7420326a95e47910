import { textAt } from './json-pointer.js';
import type { SentPayload, Understood } from './sent-payload.js';

/**
 * What GitHub tells of (https://docs.github.com/webhooks/webhook-events-and-payloads): an image that was published, a tag or
 * branch that was pushed, a workflow that has succeeded.
 */
export function github({ document, event = '' }: SentPayload): Understood {
  switch (event) {
    case 'package':
      return published(document, '/package');
    case 'registry_package':
      return published(document, '/registry_package');
    case 'push':
      return pushed(document);
    case 'workflow_run':
      return succeeded(document);
    default:
      return { ignored: `Nothing is done for the event ${JSON.stringify(event.slice(0, 50))}` };
  }
}

function published(document: unknown, at: string): Understood {
  const action = textAt(document, '/action');
  if (action !== 'published' && action !== 'updated') return { ignored: 'Nothing was published' };
  if (textAt(document, `${at}/package_type`)?.toLowerCase() !== 'container')
    return { ignored: 'It is no image' };
  const owner = textAt(document, `${at}/namespace`) ?? textAt(document, `${at}/owner/login`);
  const name = textAt(document, `${at}/name`);
  const metadata = `${at}/package_version/container_metadata/tag`;
  return {
    happenings: [
      {
        repository: owner && name ? `ghcr.io/${owner}/${name}`.toLowerCase() : undefined,
        tag: textAt(document, `${metadata}/name`),
        digest: textAt(document, `${metadata}/digest`),
      },
    ],
  };
}

function pushed(document: unknown): Understood {
  const ref = textAt(document, '/ref') ?? '';
  if (/^0+$/.test(textAt(document, '/after') ?? '')) return { ignored: 'It was deleted' };
  const [, kind, name] = /^refs\/(tags|heads)\/(.+)$/.exec(ref) ?? [];
  if (kind === undefined) return { ignored: 'It is no tag or branch' };
  const repository = textAt(document, '/repository/full_name');
  return { happenings: [{ repository, ...(kind === 'tags' ? { tag: name } : {}) }] };
}

function succeeded(document: unknown): Understood {
  const isDone = textAt(document, '/action') === 'completed';
  if (!isDone || textAt(document, '/workflow_run/conclusion') !== 'success')
    return { ignored: 'The workflow has not succeeded' };
  return { happenings: [{ repository: textAt(document, '/repository/full_name') }] };
}
