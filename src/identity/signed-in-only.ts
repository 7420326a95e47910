import type { AuditService } from '../audit/audit.service.js';
import { recordingRefusal } from '../audit/refusals.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';

/**
 * For what only a person who signed in may do: who found an API token must not be able to lock its owner out.
 *
 * @param operation names what is tried in the audit trail
 * @param message told to who comes with an API token
 * @throws DomainError `forbidden`, recorded, for API tokens and service accounts
 */
export function requireSignedIn(
  audit: AuditService,
  actor: Actor,
  operation: string,
  message: string,
): Promise<void> {
  return recordingRefusal(audit, { ...requestContext(), actor, operation }, () => {
    if (actor.kind !== 'user' || actor.tokenId !== undefined) throw new DomainError('forbidden', message);
  });
}
