import { ISOLATION_RULES } from './rules/isolation-rules.js';
import { MOUNT_RULES } from './rules/mount-rules.js';
import { PRIVILEGE_RULES } from './rules/privilege-rules.js';
import { RESOURCE_RULES } from './rules/resource-rules.js';
import type { Rule } from './rules/rule.js';

/**
 * Every rule of the policy: the Pod Security Standards, read for Docker. The standards' rule on host ports has no
 * counterpart, because to publish a port is Docker's ordinary way of being reached.
 */
export const RULES: readonly Rule[] = [
  ...ISOLATION_RULES,
  ...PRIVILEGE_RULES,
  ...MOUNT_RULES,
  ...RESOURCE_RULES,
];
