/** What a node is to be. */
export const NODE_ROLES = ['worker', 'manager'] as const;
export type NodeRole = (typeof NODE_ROLES)[number];

/** Whether tasks are given to a node. `pause`: no new ones. `drain`: none, and those that it has move away. */
export const NODE_AVAILABILITIES = ['active', 'pause', 'drain'] as const;
export type NodeAvailability = (typeof NODE_AVAILABILITIES)[number];

/** What managers know of a node. */
export const NODE_STATES = ['unknown', 'down', 'ready', 'disconnected'] as const;
export type NodeState = (typeof NODE_STATES)[number];

/** What managers know of a manager. */
export const NODE_REACHABILITIES = ['unknown', 'unreachable', 'reachable'] as const;
