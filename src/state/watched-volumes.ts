import type { VolumeInspectInfo } from 'dockerode';
import { fingerprintOf, orEmpty, orNone, READ_TIMEOUT_MS, timeOf } from './listed.js';
import type { WatchedKind } from './watched-kind.js';

/** A volume as VolumeInspect tells of it. `ClusterVolume` came with API 1.42. */
export type VolumeDocument = VolumeInspectInfo & {
  readonly CreatedAt?: string;
  readonly ClusterVolume?: object;
};

/** Volumes: VolumeList, VolumeInspect and their events. A volume's name is its id, and the start of one names nothing. */
export const WATCHED_VOLUMES: WatchedKind<VolumeDocument, VolumeDocument> = {
  name: 'volume',
  naming: {
    names: ({ name }) => [name],
    meanings: (reference) => ({ names: [reference] }),
  },

  async list(connection, signal) {
    const { body } = await connection.json<{ Volumes: VolumeDocument[] | null }>('VolumeList', { signal });
    return (body.Volumes ?? []).map((volume) => ({
      id: volume.Name,
      fingerprint: fingerprintOf(volume),
      active: false,
    }));
  },

  read(connection, id, signal) {
    return orNone(
      connection.json<VolumeDocument>('VolumeInspect', {
        params: { name: id },
        signal,
        timeoutMs: READ_TIMEOUT_MS,
      }),
    );
  },

  toRecord(document) {
    return {
      id: document.Name,
      name: document.Name,
      labels: orEmpty(document.Labels),
      createdAt: timeOf(document.CreatedAt),
      kept: document,
    };
  },

  endsWith: 'destroy',

  hint({ type, action, actorId }) {
    if (type !== 'volume' || actorId === '' || action === 'mount' || action === 'unmount') return undefined;
    return { id: actorId, changes: 'object' };
  },
};
