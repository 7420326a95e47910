import type { EngineHandle } from '../gate/engine-handle.js';
import { changeVersion } from '../swarm/versions.js';
import type { UpdateNodeInput } from './node.inputs.js';

/**
 * Changes what is given of a node.
 *
 * @throws DomainError `conflict` where it was changed meanwhile
 */
export function changeNode(
  handle: EngineHandle,
  id: string,
  { labels, role, availability, version }: UpdateNodeInput,
): Promise<void> {
  return changeVersion(handle, { kind: 'node', id, version }, ({ ID, Spec }, at) => {
    const body = {
      ...Spec,
      Labels: labels ?? Spec.Labels ?? {},
      Role: role ?? Spec.Role,
      Availability: availability ?? Spec.Availability,
    };
    return handle.json('NodeUpdate', { params: { id: ID }, query: { version: at }, body });
  });
}
