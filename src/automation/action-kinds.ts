/** What hooks and schedules can do. A closed list. */
export const ACTION_KINDS = [
  'recreateContainer',
  'startContainer',
  'stopContainer',
  'restartContainer',
  'runContainer',
  'updateService',
  'scaleService',
  'prune',
  'backupVolume',
] as const;

export type ActionKind = (typeof ACTION_KINDS)[number];

/** What a payload may say of an action, and nothing else. */
export const PAYLOAD_VALUES = ['tag', 'digest', 'replicas'] as const;

export type PayloadValue = (typeof PAYLOAD_VALUES)[number];
