import type { ContainerSpec } from '../container-spec.js';
import type { PolicyContext } from '../policy-context.js';
import type { SecurityLevel } from '../../../common/security-level.js';

/** One thing that a rule objects to: the Engine API field, and what it would have to be. */
export interface Fault {
  field: string;
  message: string;
}

export interface Rule {
  name: string;
  /** The highest level that the rule holds at: a `baseline` rule holds at `baseline` and `restricted`. */
  level: Exclude<SecurityLevel, 'privileged'>;
  summary: string;
  /** The Engine API fields that it reads. */
  fields: readonly string[];
  /** `level` is the level that is judged, for what the rule asks of other containers. */
  check(
    spec: ContainerSpec,
    context: PolicyContext,
    level: SecurityLevel,
  ): readonly Fault[] | Promise<readonly Fault[]>;
}

const LONGEST_VALUE_SHOWN = 80;

/** `message` about `field` when `wrong`, otherwise nothing. */
export function faultIf(wrong: boolean, field: string, message: string): Fault[] {
  return wrong ? [{ field, message }] : [];
}

/** One fault for each of `values` that is not in `allowed`. */
export function onlyAllowed(
  field: string,
  values: readonly string[],
  allowed: readonly string[],
  what: string,
): Fault[] {
  return values
    .filter((value) => !allowed.includes(value))
    .map((value) => ({ field, message: `${what} ${quote(value)} is not allowed` }));
}

/** A caller's value as it may stand in a message: quoted, escaped and cut. */
export function quote(value: string): string {
  return JSON.stringify(
    value.length > LONGEST_VALUE_SHOWN ? `${value.slice(0, LONGEST_VALUE_SHOWN)}…` : value,
  );
}
