import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { toFreshness } from '../common/freshness.js';
import { labelMatcher } from '../containers/container-filter.js';
import type { ContainerRecord } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { entityTag } from '../http/prepared-json.js';
import type { NetworkRecord } from './network-catalog.js';
import { type DrawnGraph, drawGraph } from './network-graph.js';
import type { NetworkGraph } from './network-graph.model.js';
import type { NetworkGraphQuery } from './network-list.inputs.js';
import { networksOf } from './network.mapper.js';

interface Kept {
  readonly containers: readonly ContainerRecord[];
  readonly drawn: DrawnGraph;
}

/** Shows which containers talk on which network, from memory. */
@Injectable()
export class NetworkGraphService {
  /** Graphs of all that somebody may see, for as long as nothing in it changes. */
  private readonly whole = new WeakMap<readonly NetworkRecord[], Kept>();

  constructor(private readonly gate: Gate) {}

  /** @throws DomainError `forbidden` for whoever may list no networks, or no containers */
  async graph(actor: Actor, engine: string, query: NetworkGraphQuery): Promise<NetworkGraph> {
    const handle = this.gate.as(actor).engine(engine);
    const networks = await handle.objects('network');
    const containers = await handle.objects('container');
    const { syncedAt, staleSince } = containers;
    return {
      engine,
      ...this.drawn(engine, networks.records, containers.records, query),
      // Of both, in a form of which nobody would take it for that of either.
      revision: entityTag(JSON.stringify([networks.revision, containers.revision])),
      ...toFreshness({ syncedAt: Math.min(networks.syncedAt, syncedAt), staleSince }),
    };
  }

  private drawn(
    engine: string,
    networks: readonly NetworkRecord[],
    containers: readonly ContainerRecord[],
    { network: reference, label }: NetworkGraphQuery,
  ): DrawnGraph {
    if (reference === undefined && label === undefined) {
      const known = this.whole.get(networks);
      if (known?.containers === containers) return known.drawn;
      const drawn = drawGraph(engine, networks, containers);
      this.whole.set(networks, { containers, drawn });
      return drawn;
    }
    const meetsLabels = labelMatcher(label);
    const wanted =
      reference === undefined
        ? networks
        : networks.filter(({ id, name }) => id === reference || name === reference);
    const isOn = ({ id, name }: { readonly id: string | null; readonly name: string }) =>
      wanted.some((network) => (id === null ? network.name === name : network.id === id));
    const shown = containers.filter(
      (container) =>
        meetsLabels(container.labels) && (reference === undefined || networksOf(container).some(isOn)),
    );
    return drawGraph(engine, wanted, shown);
  }
}
