import type { Violation } from './evaluate.js';
import { quote } from './rules/rule.js';
import type { ServiceBody } from './service-body.js';

/** `''` is `container`. */
const CONTAINER_RUNTIMES: readonly string[] = ['', 'container'];

/** Whether the tasks of the service are engine plugins, which have of the host whatever they ask for. */
export function usesPlugin({ TaskTemplate }: ServiceBody): boolean {
  return TaskTemplate?.PluginSpec != null || TaskTemplate?.Runtime === 'plugin';
}

/** What the level below `privileged` does not allow of a service besides its containers. */
export function judgeRuntime({ TaskTemplate }: ServiceBody): Violation[] {
  const { Runtime, PluginSpec, NetworkAttachmentSpec } = TaskTemplate ?? {};
  const violation = (field: string, message: string) => ({ rule: 'taskRuntime', field, message });
  return [
    ...(CONTAINER_RUNTIMES.includes(Runtime ?? '')
      ? []
      : [violation('TaskTemplate.Runtime', `task runtime ${quote(Runtime ?? '')} is not allowed`)]),
    ...(PluginSpec == null ? [] : [violation('TaskTemplate.PluginSpec', 'must not be set')]),
    ...(NetworkAttachmentSpec == null
      ? []
      : [violation('TaskTemplate.NetworkAttachmentSpec', 'must not be set')]),
  ];
}
