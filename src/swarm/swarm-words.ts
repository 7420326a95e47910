/** What an engine is to a swarm. */
export const MEMBERSHIP_STATES = ['inactive', 'pending', 'active', 'error', 'locked'] as const;
