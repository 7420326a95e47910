import type { Freshness } from '../common/freshness.js';
import type { TaskOfService } from '../gate/engine-handle.js';
import { toOfSwarm } from '../swarm/swarm-object.model.js';
import { isOver, taskState } from './task-words.js';
import type { Task, TaskDetails } from './task.model.js';

/** A task as lists show it. */
export function toTask(engine: string, document: TaskOfService): Task {
  const { Status, DesiredState, Spec, Slot, JobIteration, NetworksAttachments } = document;
  const { ContainerID, ExitCode } = Status?.ContainerStatus ?? {};
  const state = taskState(Status?.State);
  return {
    ...toOfSwarm(engine, document, document.serviceLabels),
    serviceId: document.ServiceID ? document.ServiceID : null,
    slot: Slot ? Slot : null,
    nodeId: document.NodeID ? document.NodeID : null,
    image: Spec.ContainerSpec?.Image ?? '',
    state,
    desiredState: taskState(DesiredState),
    message: Status?.Message ?? '',
    error: Status?.Err ? Status.Err : null,
    stateSince: Status?.Timestamp === undefined ? null : new Date(Status.Timestamp).toISOString(),
    containerId: ContainerID ? ContainerID : null,
    // Of one that runs engines say 0, or -1.
    exitCode: ContainerID && isOver(state) && ExitCode !== undefined && ExitCode >= 0 ? ExitCode : null,
    jobIteration: JobIteration ? indexOf(JobIteration) : null,
    networks: (NetworksAttachments ?? []).map(({ Network, Addresses }) => ({
      id: Network?.ID ?? '',
      name: Network?.Spec?.Name ?? '',
      addresses: [...(Addresses ?? [])],
    })),
  };
}

export function toTaskDetails(engine: string, document: TaskOfService, freshness: Freshness): TaskDetails {
  const { serviceLabels: _, ...raw } = document;
  return { ...toTask(engine, document), ...freshness, raw };
}

/** Go leaves a zero out, whatever the types say. */
function indexOf({ Index }: { readonly Index?: number }): number {
  return Index ?? 0;
}
