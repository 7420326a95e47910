import { textAt } from './json-pointer.js';
import type { SentPayload, Understood } from './sent-payload.js';

/** A push, as Docker Hub tells of it (https://docs.docker.com/docker-hub/repos/manage/webhooks/). It does not sign. */
export function dockerHub({ document }: SentPayload): Understood {
  const repository = textAt(document, '/repository/repo_name');
  const tag = textAt(document, '/push_data/tag');
  if (repository === undefined || tag === undefined) return { ignored: 'It tells of no push' };
  return { happenings: [{ repository, tag }] };
}
