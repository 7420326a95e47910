/** The states of a container, as the Engine API has them. */
export const CONTAINER_STATES = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
] as const;
export type ContainerState = (typeof CONTAINER_STATES)[number];

/** The states in which a container can be pruned. */
export const STOPPED: ReadonlySet<string> = new Set<ContainerState>(['created', 'exited', 'dead']);

/** The states of health; `none` where nothing checks it. */
export const HEALTH_STATES = ['none', 'starting', 'healthy', 'unhealthy'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];
