import type { Subject } from '../access/role-binding.js';
import { DomainError } from '../common/errors.js';
import { isPermission, type Permission } from '../common/permissions.js';
import type { SecurityLevel } from '../common/security-level.js';
import { ALL_OPERATIONS, type Operation } from '../engine/operations/index.js';

export const REVIEW_TARGET_KINDS = [
  'container',
  'image',
  'network',
  'volume',
  'plugin',
  'node',
  'service',
  'task',
  'secret',
  'config',
] as const;
export type ReviewTargetKind = (typeof REVIEW_TARGET_KINDS)[number];

/** May `subject` do this there? */
export interface AccessQuestion {
  /** Undefined for the caller itself, with the limits of its token. */
  readonly subject?: Subject | undefined;
  /** A permission; or an operation of the Engine API by its operationId. */
  readonly permission?: string | undefined;
  readonly operation?: string | undefined;
  /** Undefined for what belongs to no engine. */
  readonly engine?: string | undefined;
  /** An object that there is, by id or name; or one that there might be, by its labels. Undefined for all of them. */
  readonly target?:
    | {
        readonly kind: ReviewTargetKind;
        readonly id?: string | undefined;
        readonly labels?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  /** Also up to this security level. */
  readonly level?: SecurityLevel | undefined;
}

/** @throws DomainError `invalid_input` for a question that makes no sense, naming the field */
export function subjectMatter(question: AccessQuestion): {
  permission: Permission;
  operation: Operation | undefined;
} {
  const { operation: name, permission: asked, engine, target } = question;
  if ((name === undefined) === (asked === undefined)) {
    throw invalid('permission', 'must be given, or operation instead, and not both');
  }
  const operation = ALL_OPERATIONS.find(({ id }) => id === name);
  if (name !== undefined && !operation)
    throw invalid('operation', 'must be an operationId of the Engine API');
  const permission = operation?.permission ?? asked ?? '';
  if (!isPermission(permission)) throw invalid('permission', 'must be a permission');
  if (operation && engine === undefined) throw invalid('engine', 'must be given with an operation');
  if (target) checkTarget(target, permission, engine);
  return { permission, operation };
}

function checkTarget(
  { kind, id, labels }: NonNullable<AccessQuestion['target']>,
  permission: Permission,
  engine: string | undefined,
): void {
  if (engine === undefined) throw invalid('engine', 'must be given with a target');
  if (permission.split(':')[0] !== `${kind}s`)
    throw invalid('target.kind', `is not what ${permission} is about`);
  if ((id === undefined) === (labels === undefined)) {
    throw invalid('target.id', 'must be given, or labels instead, and not both');
  }
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
