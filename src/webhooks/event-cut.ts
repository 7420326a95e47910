import type { StoredEvent } from '../events/domain-event.js';
import type { ActorGate } from '../gate/gate.js';

/**
 * An event as it is for somebody who may know of it. Who may see a network need not see the containers on it.
 *
 * @returns the same object where nothing of it is hidden
 */
export async function asSeenThrough(gate: ActorGate, event: StoredEvent): Promise<StoredEvent> {
  const { engine, data } = event;
  if (engine === null || hiddenIn(event) === undefined) return event;
  if ((await gate.maySee({ of: 'containers', engine })) === 'visible') return event;
  return { ...event, data: { ...data, container: null, containerName: null } };
}

/** What is not for everybody in an event: the id of a container; undefined where there is none. */
export function hiddenIn({ data }: StoredEvent): string | undefined {
  const { container } = data;
  return typeof container === 'string' ? container : undefined;
}
