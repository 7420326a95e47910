import { EngineAnswerError } from '../engine/engine-errors.js';
import type { Admission } from './admission.js';

/** Full ids, as the engine names objects in its messages. */
const FULL_ID = /\b[0-9a-f]{64}\b/g;
/** How the engine says which services use a secret or config. */
const USING_SERVICES = /(is in use by the following services?): .*/is;

/**
 * An engine's error as the actor may read it: "name is in use by container 6884…" tells of a container that it may not
 * see. The ids that it named itself stay.
 */
export function withoutOthers(error: unknown, { rights, target, request }: Admission): unknown {
  if (!(error instanceof EngineAnswerError)) return error;
  let { message } = error;
  if (!rights.mayAlways('containers:list')) {
    const named = JSON.stringify([target?.id, request.params, request.query, request.body]);
    message = message.replace(FULL_ID, (id) => (named.includes(id) ? id : '…'));
  }
  if (!rights.mayAlways('services:list')) message = message.replace(USING_SERVICES, '$1');
  return message === error.message ? error : new EngineAnswerError(error.kind, message, error.status);
}
