import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { DomainError } from '../common/errors.js';
import { HELPER_NAME, ROLE_LABEL, VOLUME_HELPER_ROLE } from '../common/reserved-labels.js';
import { plainEntry, TAR_END, tarHeader } from '../common/tar/tar-writer.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { orNone } from '../state/listed.js';

/** Where a helper has its volume. */
export const MOUNTED_AT = 'volume';
export const IMAGE = 'dockmaster/empty:1';
/** The one layer of an image without a file: the digest of an archive that is nothing but its end. */
const NO_LAYER = `sha256:${createHash('sha256').update(TAR_END).digest('hex')}`;

/** Which Dockmaster a helper belongs to, and which of its sessions. */
export const INSTANCE_LABEL = 'io.dockmaster.instance';
export const SESSION_LABEL = 'io.dockmaster.session';
/** On a helper: the volume, which is of no use without the session, and goes with it. Empty where it stays. */
export const DISCARD_LABEL = 'io.dockmaster.discard-volume';
/** On a helper: ids of the containers that are paused for it, by commas. Empty for none. */
export const PAUSED_LABEL = 'io.dockmaster.paused';

interface ImageDocument {
  readonly Id: string;
  readonly RootFS?: { readonly Layers?: readonly string[] | null } | null;
  readonly Config?: Readonly<Record<string, unknown>> | null;
}

export interface HelperWish {
  readonly volume: string;
  readonly instance: string;
  readonly session: string;
  readonly writes: boolean;
  readonly discards: boolean;
  readonly pauses: readonly string[];
}

/**
 * Makes a container that has the volume and is never started: by it the engine's archive operations reach the files, and
 * nothing runs. Its image is empty and made on the spot.
 *
 * @throws DomainError `conflict` where somebody else is writing to the volume
 */
export async function makeHelper(connection: EngineConnection, wish: HelperWish): Promise<string> {
  const image = (await emptyImage(connection)) ?? (await makeEmptyImage(connection));
  const { volume, instance, session, writes, discards, pauses } = wish;
  const labels = {
    [ROLE_LABEL]: VOLUME_HELPER_ROLE,
    [INSTANCE_LABEL]: instance,
    [SESSION_LABEL]: session,
    // Also where there is nothing to say: the engine fills in what the image has under keys that are left out.
    [DISCARD_LABEL]: discards ? volume : '',
    [PAUSED_LABEL]: pauses.join(','),
  };
  try {
    const { body } = await connection.json<{ Id: string }>('ContainerCreate', {
      // Names are unique on an engine: of two who want to write, also by different replicas, one is refused.
      query: { name: writes ? nameOfWriter(volume) : `${HELPER_NAME.read}${randomUUID()}` },
      body: {
        Image: image,
        Cmd: ['/never-started'],
        Labels: labels,
        NetworkDisabled: true,
        HostConfig: {
          NetworkMode: 'none',
          LogConfig: { Type: 'none' },
          Mounts: [
            {
              Type: 'volume',
              Source: volume,
              Target: `/${MOUNTED_AT}`,
              ReadOnly: !writes,
              VolumeOptions: { NoCopy: true },
            },
          ],
        },
      },
    });
    return body.Id;
  } catch (error) {
    if (writes && error instanceof DomainError && error.kind === 'conflict')
      throw new DomainError('conflict', `The volume ${volume} is being written to by another call`, {
        cause: error,
      });
    throw error;
  }
}

/** Removes a helper, whatever has become of it. Its volume stays. */
export async function removeHelper(connection: EngineConnection, id: string): Promise<void> {
  try {
    await connection.json('ContainerDelete', { params: { id }, query: { force: true } });
  } catch (error) {
    if (!(error instanceof DomainError && error.kind === 'not_found')) throw error;
  }
}

/**
 * Empties the volume of a helper without running anything: unpacking something that is no folder over the folder that the
 * volume is mounted at makes the engine remove all that is in it, and fail on the mount itself.
 *
 * @throws DomainError `engine_error` where the volume is not empty then
 */
export async function emptyVolume(
  connection: EngineConnection,
  helper: string,
  isEmpty: () => Promise<boolean>,
): Promise<void> {
  const overTheMount = plainEntry({ kind: 'symlink', path: MOUNTED_AT, linkPath: '.' });
  let refused: unknown;
  try {
    await connection.json('PutContainerArchive', {
      params: { id: helper },
      query: { path: '/' },
      upload: Readable.from([Buffer.concat([tarHeader(overTheMount), TAR_END])]),
    });
  } catch (error) {
    refused = error; // The mount can't be removed; what counts is what is left in it.
  }
  if (await isEmpty()) return;
  throw new DomainError('engine_error', 'The engine could not empty the volume', { cause: refused });
}

/** The name of the one helper that may write to the volume. */
export function nameOfWriter(volume: string): string {
  return `${HELPER_NAME.write}${createHash('sha256').update(volume).digest('hex').slice(0, 32)}`;
}

/** The id of the empty image, by which containers are made of this very one. What only bears its name is not it. */
async function emptyImage(connection: EngineConnection): Promise<string | undefined> {
  const image = await orNone(connection.json<ImageDocument>('ImageInspect', { params: { name: IMAGE } }));
  return image && isBare(image) ? image.Id : undefined;
}

/** Whether there is nothing that a container would have of it: neither a file nor a setting, whichever there may be. */
function isBare({ RootFS, Config }: ImageDocument): boolean {
  const layers = RootFS?.Layers ?? [];
  return layers.every((layer) => layer === NO_LAYER) && Object.values(Config ?? {}).every(isUnset);
}

function isUnset(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}

/** Where the name is another image's, that loses it. */
async function makeEmptyImage(connection: EngineConnection): Promise<string> {
  const [repo, tag] = IMAGE.split(':');
  await connection.json('ImageCreate', {
    query: { fromSrc: '-', repo, tag, message: 'Made by Dockmaster to reach the files of volumes' },
    upload: Readable.from([TAR_END]),
  });
  const made = await emptyImage(connection);
  if (made === undefined) throw new DomainError('engine_error', `The engine did not make the image ${IMAGE}`);
  return made;
}
