import type { ContainerRecord, EngineHandle } from '../gate/engine-handle.js';
import type { ImageUser } from './image.model.js';

type Users = ReadonlyMap<string, readonly ContainerRecord[]>;

const known = new WeakMap<readonly ContainerRecord[], Users>();

/** The containers by the id of the image that each was made of. Made once for one state of things. */
export function usersByImage(records: readonly ContainerRecord[]): Users {
  const users = known.get(records) ?? Map.groupBy(records, ({ kept }) => kept.Image);
  known.set(records, users);
  return users;
}

/** Which containers were made of an image, as far as the actor may see; null where it may see no containers at all. */
export async function usersOf(handle: EngineHandle, imageId: string): Promise<ImageUser[] | null> {
  if (!(await handle.mayEver('containers:list'))) return null;
  const { records } = await handle.objects('container');
  return (usersByImage(records).get(imageId) ?? []).map(({ id, name, kept }) => ({
    containerId: id,
    name,
    state: kept.State.Status,
  }));
}

/**
 * The ids of the images of which the actor may see a container, with what they depend on.
 *
 * @throws DomainError `forbidden` for who may see no containers at all
 */
export async function usedImages(
  handle: EngineHandle,
  fresh: boolean | undefined,
): Promise<{ ids: ReadonlySet<string>; revision: string }> {
  const { records, revision } = await handle.objects('container', { fresh });
  return { ids: new Set(usersByImage(records).keys()), revision };
}
