import { EngineAnswerError } from '../engine/engine-errors.js';
import type { Admission } from './admission.js';

/** Ids as the engine names objects in its messages, full or short. */
const ID = /\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b/g;
/** How many there are tells of them too. */
const HIDDEN_IDS = /…(?:[\s,]+…)+/g;
/** How the engine says which containers are on a network, by name and short id. */
const ACTIVE_ENDPOINTS = /(has active endpoints)\s*\(.*\)/is;
/** How the engine says which services use a secret or config. */
const USING_SERVICES = /(is in use by the following services?): .*/is;

/**
 * An engine's error as the actor may read it: "name is in use by container 6884…" tells of a container that it may not
 * see. The ids that it named itself stay.
 */
export function withoutOthers(error: unknown, { rights, target, request }: Admission): unknown {
  if (!(error instanceof EngineAnswerError)) return error;
  let message = error.said;
  if (!rights.mayAlways('containers:list')) {
    const named = JSON.stringify([target?.id, request.params, request.query, request.body]);
    message = message
      .replace(ID, (id) => (named.includes(id) ? id : '…'))
      .replace(HIDDEN_IDS, '…')
      .replace(ACTIVE_ENDPOINTS, '$1');
  }
  if (!rights.mayAlways('services:list')) message = message.replace(USING_SERVICES, '$1');
  return message === error.said ? error : new EngineAnswerError(error.kind, message, error.status);
}
