import { DomainError, type FieldError } from '../../common/errors.js';
import type { ContainerSpec } from './container-spec.js';
import type { PolicyContext } from './policy-context.js';
import { RULES } from './rules.js';
import {
  compareLevels,
  isWithinLevel,
  SECURITY_LEVELS,
  type SecurityLevel,
} from '../../common/security-level.js';

/** One thing about a spec that a level does not allow. */
export interface Violation {
  /** The rule's name in `RULES`. */
  rule: string;
  /** The Engine API field at fault (`HostConfig.Binds.0`). */
  field: string;
  message: string;
}

const MOST_VIOLATIONS_SHOWN = 50;
const MOST_VIOLATIONS_IN_MESSAGE = 5;

/** Everything about `spec` that `level` does not allow, in the rules' order; empty when it passes. */
export async function evaluate(
  spec: ContainerSpec,
  level: SecurityLevel,
  context: PolicyContext,
): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const rule of RULES.filter((candidate) => isWithinLevel(level, candidate.level))) {
    const faults = await rule.check(spec, context, level);
    violations.push(...faults.map((fault) => ({ rule: rule.name, ...fault })));
  }
  return violations;
}

/**
 * Lets `spec` pass at `level` or throws. `what` names it in the message ("container", "exec").
 * @throws DomainError `policy_violation` with the violations as field errors
 */
export async function judge(
  spec: ContainerSpec,
  level: SecurityLevel,
  context: PolicyContext,
  what = 'container',
): Promise<void> {
  requireNone(await evaluate(spec, level, context), level, what);
}

/** @throws DomainError `policy_violation` with the violations as field errors, where there are any */
export function requireNone(violations: readonly Violation[], level: SecurityLevel, what: string): void {
  if (violations.length > 0)
    throw policyViolation(`This ${what} is not allowed at level ${level}`, violations);
}

/** `refused` says of what; the error goes on with why, each time with the rule. */
export function policyViolation(refused: string, violations: readonly Violation[]): DomainError {
  const errors = violations
    .slice(0, MOST_VIOLATIONS_SHOWN)
    .map(({ rule, field, message }) => ({ field, message: `${message} (${rule})` }));
  const why = errors.slice(0, MOST_VIOLATIONS_IN_MESSAGE).map(sentenceOf);
  return new DomainError('policy_violation', `${refused}: ${why.join('; ')}`, { errors });
}

/** Some messages say what the field must be, others name by themselves what they are about. */
function sentenceOf({ field, message }: FieldError): string {
  return message.startsWith('must ') ? `${field} ${message}` : message;
}

/** The lowest level at which `spec` passes: an actor below it may not enter or change the container. */
export async function levelNeeded(spec: ContainerSpec, context: PolicyContext): Promise<SecurityLevel> {
  for (const level of [...SECURITY_LEVELS].sort(compareLevels)) {
    if ((await evaluate(spec, level, context)).length === 0) return level;
  }
  return 'privileged';
}
