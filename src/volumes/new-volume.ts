import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Gate } from '../gate/gate.js';
import type { VolumeArchive } from '../gate/volume-archive.js';
import type { VolumeArchives } from '../gate/volume-archives.js';
import { requireNew } from './volumes.service.js';

/**
 * Makes a volume to be filled, and opens it for writing. Until it is closed it is worth nothing: it goes where Dockmaster dies,
 * and whoever can't fill it closes it with `removesVolume`.
 *
 * @throws DomainError `conflict` where there is a volume of this name, or another call is filling it
 */
export async function newVolume(
  gate: Gate,
  archives: VolumeArchives,
  actor: Actor,
  engine: string,
  { name, labels }: { name: string; labels?: Readonly<Record<string, string>> | undefined },
): Promise<VolumeArchive> {
  const handle = gate.as(actor).engine(engine);
  const body = { Name: name, Driver: 'local', Labels: labels };
  await handle.rehearse('VolumeCreate', { body });
  await requireNew(handle, name);
  await handle.json('VolumeCreate', { body });
  const archive = await archives.open(actor, engine, name, 'volumes:restore', {
    writes: true,
    discards: true,
  });
  // Of two calls that make it at once, to the engine both have: only the first finds it empty.
  try {
    if (await archive.isEmpty()) return archive;
    throw new DomainError('conflict', `There is a volume ${name} already`);
  } catch (error) {
    await archive.close({ error });
    throw error;
  }
}
