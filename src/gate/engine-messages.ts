import { EngineAnswerError } from '../engine/engine-errors.js';
import type { Admission } from './admission.js';

/** Full ids, as the engine names objects in its messages. */
const FULL_ID = /\b[0-9a-f]{64}\b/g;

/**
 * An engine's error as the actor may read it: "name is in use by container 6884…" tells of a container that it may not
 * see. The ids that it named itself stay.
 */
export function withoutOthers(error: unknown, { rights, target, request }: Admission): unknown {
  if (!(error instanceof EngineAnswerError) || rights.mayAlways('containers:list')) return error;
  const named = JSON.stringify([target?.id, request.params, request.query, request.body]);
  const message = error.message.replace(FULL_ID, (id) => (named.includes(id) ? id : '…'));
  return message === error.message ? error : new EngineAnswerError(error.kind, message, error.status);
}
