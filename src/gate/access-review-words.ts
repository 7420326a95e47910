import type { Permission } from '../common/permissions.js';
import type { Grant, Obstacle } from './rights.js';

export const SUBJECT_WORDS = {
  user: 'user',
  team: 'team',
  serviceAccount: 'service account',
  system: 'system',
} as const;

type Words = (grant: Grant, permission: Permission) => string;

const OBSTACLES: Readonly<Record<Obstacle, Words>> = {
  tokenEngines: () => 'the API token in use is not for this engine, or not for what belongs to no engine',
  engine: ({ engines }) => `it is for these engines only: ${engines.join(', ')}`,
  tokenPermissions: (_, permission) => `the API token in use does not have ${permission}`,
  permission: ({ binding, permissions }, permission) =>
    permissions.length === 0
      ? `there is no role ${binding?.role ?? ''}, or it has no permissions`
      : `the role ${binding?.role ?? ''} does not have ${permission}`,
  scope: () => 'its scope is narrower than everything, and this is about everything',
  kind: () => 'it is for images of certain repositories only',
  labels: ({ binding }) => `the labels do not meet ${binding?.scope.labelSelector ?? 'its selector'}`,
  owned: () => 'it is for what the subject or a team of it created, and this is not',
};

/** What became of a binding in a review, in words. */
export function obstacleWords(obstacle: Obstacle | undefined, grant: Grant, permission: Permission): string {
  if (obstacle !== undefined) return OBSTACLES[obstacle](grant, permission);
  return `the role ${grant.binding?.role ?? ''} has ${permission}, and the scope covers this`;
}
