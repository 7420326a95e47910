import type { GroupTeams } from '../config/oidc-settings.js';
import { isUsername, normalizeUsername } from './username.js';

/** Of one person; more are not looked at. */
const MAX_GROUPS = 1_000;

/**
 * The names of the teams that a person's groups stand for. A claim that is missing or of another type means no groups,
 * so that rights go rather than stay.
 */
export function teamNamesOf(claim: unknown, groupTeams: Exclude<GroupTeams, undefined>): string[] {
  const values: unknown[] = Array.isArray(claim) ? claim : [claim];
  const groups = values.filter((value) => typeof value === 'string').slice(0, MAX_GROUPS);
  const names = groups.flatMap((group) =>
    groupTeams === 'same-name' ? [normalizeUsername(group)] : (groupTeams[group] ?? []),
  );
  return [...new Set(names.filter(isUsername))];
}
