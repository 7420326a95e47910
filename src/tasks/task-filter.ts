import { labelMatcher } from '../containers/container-filter.js';
import type { TaskFilter } from './task-list.inputs.js';
import type { Task } from './task.model.js';

/**
 * Whether a task meets every filter given.
 *
 * @throws DomainError `invalid_input` for a label selector that is none
 */
export function taskMatcher(filter: TaskFilter): (task: Task) => boolean {
  const meetsLabels = labelMatcher(filter.label);
  const { service, node, state, desiredState, slot } = filter;
  return (task) =>
    (service === undefined || task.serviceId === service) &&
    (node === undefined || task.nodeId === node) &&
    (state === undefined || state.includes(task.state)) &&
    (desiredState === undefined || desiredState.includes(task.desiredState)) &&
    (slot === undefined || task.slot === slot) &&
    meetsLabels(task.labels);
}
