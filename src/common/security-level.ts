/**
 * The three levels of the Kubernetes Pod Security Standards, read for Docker, from the least to the most that a
 * container may do to its host. A role binding grants one of them.
 */
export const SECURITY_LEVELS = ['restricted', 'baseline', 'privileged'] as const;

export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

/** Negative when `a` permits less than `b`, 0 when they are the same, positive when it permits more. For sorting too. */
export function compareLevels(a: SecurityLevel, b: SecurityLevel): number {
  return SECURITY_LEVELS.indexOf(a) - SECURITY_LEVELS.indexOf(b);
}

/** Whether something that needs level `needed` is open to an actor who is granted level `granted`. */
export function isWithinLevel(needed: SecurityLevel, granted: SecurityLevel): boolean {
  return compareLevels(needed, granted) <= 0;
}
