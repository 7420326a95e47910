import { DomainError } from '../common/errors.js';
import type { EngineHandle, SwarmObject } from '../gate/engine-handle.js';

/**
 * For dry runs: what the engine would find taken, as far as the actor may see it.
 *
 * @throws DomainError `conflict`
 */
export async function requireFreeName(
  handle: EngineHandle,
  kind: 'secret' | 'config' | 'service',
  name: string,
): Promise<void> {
  if (!(await handle.mayEver(`${kind}s:list`))) return;
  const { records } = await handle.objects(kind);
  if (records.some((record) => record.name === name))
    throw new DomainError('conflict', `There is a ${kind} ${name} already`);
}

/** The document of what would be made; it has no id. */
export function rehearsed<Spec extends object>(spec: Spec): SwarmObject & { readonly Spec: Spec } {
  const now = new Date().toISOString();
  return { ID: '', Version: { Index: 0 }, CreatedAt: now, UpdatedAt: now, Spec: spec };
}
