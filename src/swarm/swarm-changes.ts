import type { EngineHandle, EngineRequest } from '../gate/engine-handle.js';
import type { SwarmDocument } from './swarm-documents.js';
import { orLostRace } from './versions.js';

export async function inspectSwarm(handle: EngineHandle): Promise<SwarmDocument> {
  return (await handle.json<SwarmDocument>('SwarmInspect')).body;
}

/**
 * Changes the swarm as it is now.
 *
 * @param version the one that the caller has seen; unless given, any
 * @throws DomainError `conflict` with the current version where it was changed meanwhile
 */
export async function changeSwarm(
  handle: EngineHandle,
  version: number | undefined,
  change: (swarm: SwarmDocument) => Pick<EngineRequest, 'body' | 'query'>,
): Promise<void> {
  await handle.requireEver('SwarmUpdate');
  const swarm = await inspectSwarm(handle);
  const { body, query = {} } = change(swarm);
  await orLostRace(
    () => handle.json('SwarmUpdate', { query: { ...query, version: version ?? swarm.Version.Index }, body }),
    async () => (await inspectSwarm(handle)).Version.Index,
  );
}
