import type { EngineConnection } from '../engine/engine-connection.js';
import { orNone } from '../state/listed.js';
import { DISCARD_LABEL, MOUNTED_AT, nameOfWriter, PAUSED_LABEL } from './volume-helper.js';

/** A helper whose session is over, as ContainerList tells of it. */
export interface LeftHelper {
  readonly Id: string;
  readonly ImageID: string;
  readonly Names?: readonly string[] | null;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly Mounts?:
    readonly { readonly Type: string; readonly Name?: string; readonly Destination: string }[] | null;
}

/** What a session would have done at its end. */
export interface Unfinished {
  /** Containers that are still paused for it. */
  readonly paused: readonly string[];
  /** A volume that is of no use without it. */
  readonly discards: string | undefined;
}

/**
 * Labels tell of it, and may come from an image: that which a label is in as well, of a helper that an earlier version made of
 * one. So they are believed as far as the helper itself bears them out: of the volume that it has, which only its one writer
 * discards, and of containers that have this volume too.
 */
export async function unfinishedBy(connection: EngineConnection, helper: LeftHelper): Promise<Unfinished> {
  const { Labels, Mounts, Names } = helper;
  const volume = Mounts?.find(
    ({ Type, Destination }) => Type === 'volume' && Destination === `/${MOUNTED_AT}`,
  )?.Name;
  if (volume === undefined) return { paused: [], discards: undefined };
  const ofImage = await labelsOfImage(connection, helper.ImageID);
  const ownLabel = (key: string) => (Object.hasOwn(ofImage, key) ? '' : (Labels?.[key] ?? ''));
  const isWriter = Names?.includes(`/${nameOfWriter(volume)}`) === true;
  const paused = ownLabel(PAUSED_LABEL).split(',');
  return {
    paused: (await pausedWith(connection, volume)).filter((id) => paused.includes(id)),
    discards: isWriter && ownLabel(DISCARD_LABEL) === volume ? volume : undefined,
  };
}

async function pausedWith(connection: EngineConnection, volume: string): Promise<string[]> {
  const { body } = await connection.json<{ Id: string }[]>('ContainerList', {
    query: { filters: JSON.stringify({ volume: [volume], status: ['paused'] }) },
  });
  return body.map(({ Id }) => Id);
}

async function labelsOfImage(
  connection: EngineConnection,
  id: string,
): Promise<Readonly<Record<string, string>>> {
  const image = await orNone(
    connection.json<{ Config?: { Labels?: Record<string, string> | null } | null }>('ImageInspect', {
      params: { name: id },
    }),
  );
  return image?.Config?.Labels ?? {};
}
