import type { Permission } from '../../common/permissions.js';
import { BUILDER_OPERATIONS } from './builder.js';
import { CONFIG_OPERATIONS } from './configs.js';
import { CONTAINER_OPERATIONS } from './containers.js';
import { EXEC_OPERATIONS } from './exec.js';
import { IMAGE_OPERATIONS } from './images.js';
import { NETWORK_OPERATIONS } from './networks.js';
import { NODE_OPERATIONS } from './nodes.js';
import type { EngineOperation } from './operation.js';
import { PLUGIN_OPERATIONS } from './plugins.js';
import { SECRET_OPERATIONS } from './secrets.js';
import { SERVICE_OPERATIONS } from './services.js';
import { SWARM_OPERATIONS } from './swarm.js';
import { SYSTEM_OPERATIONS } from './system.js';
import { VOLUME_OPERATIONS } from './volumes.js';

export { OLDEST_API_VERSION } from './operation.js';
export type { ApiVersion, HttpMethod, Nature, TargetKind, TargetParameter } from './operation.js';
export { parameterKind, pathOf, type ParameterKind } from './path.js';

const TABLES = {
  ...SYSTEM_OPERATIONS,
  ...CONTAINER_OPERATIONS,
  ...EXEC_OPERATIONS,
  ...IMAGE_OPERATIONS,
  ...BUILDER_OPERATIONS,
  ...NETWORK_OPERATIONS,
  ...VOLUME_OPERATIONS,
  ...PLUGIN_OPERATIONS,
  ...SWARM_OPERATIONS,
  ...NODE_OPERATIONS,
  ...SERVICE_OPERATIONS,
  ...SECRET_OPERATIONS,
  ...CONFIG_OPERATIONS,
};

/** The operationId of an Engine API operation, such as `ContainerStart`. */
export type OperationId = keyof typeof TABLES;

/** One row of the table. */
export type Operation = EngineOperation<OperationId>;

/** Every operation of the Engine API that we speak; a request that is none of them is refused. */
export const OPERATIONS: Readonly<Record<OperationId, Operation>> = TABLES;

/** The same as a list, for who walks through all. */
export const ALL_OPERATIONS: readonly Operation[] = Object.values(OPERATIONS);

export function operation(id: OperationId): Operation {
  return OPERATIONS[id];
}

const NOT_ASKED_FOR: readonly unknown[] = [undefined, '', false];

/** All permissions that a request needs together: the row's own, and those that its query parameters add. */
export function permissionsFor(
  operation: Operation,
  query: Readonly<Record<string, unknown>> = {},
): readonly Permission[] {
  const further = Object.entries(operation.also)
    .filter(([parameter]) => !NOT_ASKED_FOR.includes(query[parameter]))
    .map(([, permission]) => permission);
  return [operation.permission, ...further];
}
