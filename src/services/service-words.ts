/** Words that inputs and answers share, as the Engine API has them unless a mapper says otherwise. */

/** `replicatedJob` and `globalJob` are run until they have completed. */
export const SERVICE_MODES = ['replicated', 'global', 'replicatedJob', 'globalJob'] as const;
export type ServiceModeName = (typeof SERVICE_MODES)[number];

export const UPDATE_FAILURE_ACTIONS = ['pause', 'continue', 'rollback'] as const;
export const ROLLBACK_FAILURE_ACTIONS = ['pause', 'continue'] as const;
export const UPDATE_ORDERS = ['stop-first', 'start-first'] as const;
export const RESTART_CONDITIONS = ['none', 'on-failure', 'any'] as const;
export const ENDPOINT_MODES = ['vip', 'dnsrr'] as const;
export const PORT_PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;
export const PUBLISH_MODES = ['ingress', 'host'] as const;

/** Of a rolling update; `none` where there was none since the service was last changed. */
export const UPDATE_STATES = [
  'none',
  'updating',
  'paused',
  'completed',
  'rollback_started',
  'rollback_paused',
  'rollback_completed',
] as const;
export type UpdateState = (typeof UPDATE_STATES)[number];
