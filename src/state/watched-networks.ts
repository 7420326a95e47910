import type { NetworkInspectInfo } from 'dockerode';
import { fingerprintOf, orEmpty, orNone, READ_TIMEOUT_MS, timeOf } from './listed.js';
import type { WatchedKind } from './watched-kind.js';

/** What is kept of each network: all but which containers are on it, which the containers tell. */
export type KeptNetwork = Omit<NetworkInspectInfo, 'Containers'>;

/** Networks: NetworkList, NetworkInspect and their events. */
export const WATCHED_NETWORKS: WatchedKind<KeptNetwork, NetworkInspectInfo> = {
  name: 'network',

  async list(connection, signal) {
    const { body } = await connection.json<NetworkInspectInfo[]>('NetworkList', { signal });
    return body.map((network) => ({
      id: network.Id,
      fingerprint: fingerprintOf(network),
      active: false,
    }));
  },

  read(connection, id, signal) {
    return orNone(
      connection.json<NetworkInspectInfo>('NetworkInspect', {
        params: { id },
        signal,
        timeoutMs: READ_TIMEOUT_MS,
      }),
    );
  },

  toRecord({ Containers, ...kept }) {
    return {
      id: kept.Id,
      name: kept.Name,
      labels: orEmpty(kept.Labels),
      createdAt: timeOf(kept.Created),
      kept,
    };
  },

  hint({ type, action, actorId }) {
    if (type !== 'network' || actorId === '') return undefined;
    const joins = action === 'connect' || action === 'disconnect';
    return { id: actorId, changes: joins ? 'document' : 'object' };
  },
};
