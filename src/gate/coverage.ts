import type { Actor } from '../common/actor.js';
import type { LabelRequirement, LabelSelector } from '../common/label-selector.js';
import type { PermissionPattern } from '../common/permissions.js';
import { isWithinLevel } from '../common/security-level.js';
import type { Grant } from './rights.js';

/** What somebody holds: its grants, within the limits of the token that it came with. */
export interface Holding {
  readonly grants: readonly Grant[];
  readonly limits?: Actor['limits'] | undefined;
}

/**
 * Which permissions of `wanted` the holder does not have itself, at least as widely. Each permission is looked at on each
 * engine: one grant of the holder's has to cover it there, with all of its scope and level. Says "not covered" in doubt:
 * - `containers:*` is covered by `containers:*` or more, not by a list of all that it means today;
 * - a grant on what its subject owns reaches other objects for each subject. So one covers another only where
 *   `sameSubject` says that they have the same subject; a grant that asks for no owner covers both;
 * - a label selector covers one that demands all that it demands itself, or more;
 * - image repositories are compared as they are written.
 */
export function uncovered(holding: Holding, wanted: Grant, sameSubject: boolean): PermissionPattern[] {
  const holders = holding.grants.filter((grant) => coversScope(grant, wanted, sameSubject));
  return wanted.permissions.filter(
    (pattern) => !wanted.engines.every((engine) => holds(holding.limits, holders, pattern, engine)),
  );
}

function holds(
  limits: Holding['limits'],
  holders: readonly Grant[],
  pattern: PermissionPattern,
  engine: string,
): boolean {
  if (limits?.permissions && !coversPermission(limits.permissions, pattern)) return false;
  if (limits?.engines && !coversEngine(limits.engines, engine)) return false;
  return holders.some(
    ({ permissions, engines }) => coversPermission(permissions, pattern) && coversEngine(engines, engine),
  );
}

function coversScope(held: Grant, wanted: Grant, sameSubject: boolean): boolean {
  return (
    isWithinLevel(wanted.level, held.level) &&
    (!held.labels || (wanted.labels !== undefined && coversLabels(held.labels, wanted.labels))) &&
    (!held.owned || (wanted.owned && sameSubject)) &&
    (!held.imageRepositories ||
      wanted.imageRepositories?.every((glob) => held.imageRepositories?.includes(glob)) === true)
  );
}

export function coversPermission(held: readonly PermissionPattern[], wanted: PermissionPattern): boolean {
  const [resource, verb] = wanted.split(':');
  return held.some((pattern) => {
    const [heldResource, heldVerb] = pattern.split(':');
    return (heldResource === '*' || heldResource === resource) && (heldVerb === '*' || heldVerb === verb);
  });
}

function coversEngine(held: readonly string[], wanted: string): boolean {
  return held.includes('*') || held.includes(wanted);
}

/** Whether whatever meets `wanted` meets `held` too. */
function coversLabels(held: LabelSelector, wanted: LabelSelector): boolean {
  return held.every((requirement) => wanted.some((given) => implies(given, requirement)));
}

function implies(given: LabelRequirement, requirement: LabelRequirement): boolean {
  if (given.key !== requirement.key) return false;
  switch (requirement.operator) {
    case 'exists':
      return given.operator === 'exists' || given.operator === 'in';
    case 'notExists':
      return given.operator === 'notExists';
    case 'in':
      return given.operator === 'in' && given.values.every((value) => requirement.values.includes(value));
    case 'notIn':
      if (given.operator === 'notIn')
        return requirement.values.every((value) => given.values.includes(value));
      if (given.operator === 'in') return !given.values.some((value) => requirement.values.includes(value));
      return given.operator === 'notExists';
  }
}
