import type { Subject } from '../access/role-binding.js';
import type { Permission } from '../common/permissions.js';
import type { ActorGate } from '../gate/gate.js';

/** A change of, or on behalf of, a user, team or service account. */
export interface SubjectChange {
  readonly operation: Permission;
  readonly subject: Subject;
  /** Username, or the name of the team or service account, for the audit trail. */
  readonly name: string;
}

/**
 * For every change that gives power over somebody or somebody's rights to others: setting a password, disabling,
 * deleting, making a token, adding a member. Whoever makes it has to hold all rights of the subject too.
 *
 * @throws DomainError `forbidden`, recorded, without the permission or for a subject that may do more than the actor
 */
export async function changeSubject<T>(
  gate: ActorGate,
  { operation, subject, name }: SubjectChange,
  work: () => Promise<T>,
): Promise<T> {
  await requireOver(gate, operation, subject);
  return gate.change(operation, { kind: subject.kind, id: subject.id, name }, work);
}

/** The rights that `changeSubject` asks for, alone. */
export async function requireOver(gate: ActorGate, operation: Permission, subject: Subject): Promise<void> {
  await gate.require(operation);
  await gate.requireAtLeast(subject, operation);
}
