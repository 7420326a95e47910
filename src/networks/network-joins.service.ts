import { Injectable } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { engineOf } from '../common/of-engine.js';
import { CONTAINERS } from '../containers/container-catalog.js';
import type { Container, ContainerNetwork } from '../containers/container.model.js';
import type { ContainerRecord } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { RequestLoader } from '../http/request-loader.js';
import { NETWORKS, type NetworkRecord } from './network-catalog.js';
import { networksOf } from './network.mapper.js';
import type { Network } from './network.model.js';

/** By full id, and by name. */
type Networks = ReadonlyMap<string, NetworkRecord>;
/** By the full id of their network, or its name where they have never run on it. */
type Members = ReadonlyMap<string, readonly ContainerRecord[]>;

/** Leads from containers to networks and back, from memory, through the gate once for each operation. */
@Injectable()
export class NetworkJoins {
  private readonly networks = new RequestLoader<Networks>();
  private readonly members = new RequestLoader<Members | null>();

  constructor(private readonly gate: Gate) {}

  /** The network that a container is on; null where the actor may not see it, and where it is gone. */
  async networkOf(actor: Actor, joined: ContainerNetwork, info: GraphQLResolveInfo): Promise<Network | null> {
    const engine = engineOf(joined);
    const networks = await this.networks.load(info, engine, async () => {
      const handle = this.gate.as(actor).engine(engine);
      return (await handle.mayEver('networks:list'))
        ? networksBy((await handle.objects('network')).records)
        : new Map<string, NetworkRecord>();
    });
    const record = networks.get(joined.id ?? joined.name);
    return record ? NETWORKS.entryOf(engine, record, Date.now()).object : null;
  }

  /** The containers on a network, as far as the actor may see; null where it may see no containers at all. */
  async containersOf(
    actor: Actor,
    { engine, id, name }: Pick<Network, 'engine' | 'id' | 'name'>,
    info: GraphQLResolveInfo,
  ): Promise<Container[] | null> {
    const members = await this.members.load(info, engine, async () => {
      const handle = this.gate.as(actor).engine(engine);
      return (await handle.mayEver('containers:list'))
        ? membersBy((await handle.objects('container')).records)
        : null;
    });
    if (!members) return null;
    return [...(members.get(id) ?? []), ...(members.get(name) ?? [])].map(
      (record) => CONTAINERS.entryOf(engine, record, Date.now()).object,
    );
  }
}

function networksBy(records: readonly NetworkRecord[]): Networks {
  // No name looks like a full id, so none takes the place of one.
  return new Map(records.flatMap((record) => [[record.name, record] as const, [record.id, record] as const]));
}

function membersBy(records: readonly ContainerRecord[]): Members {
  const members = new Map<string, ContainerRecord[]>();
  for (const record of records) {
    for (const { id, name } of networksOf(record)) {
      const known = members.get(id ?? name);
      if (known) known.push(record);
      else members.set(id ?? name, [record]);
    }
  }
  return members;
}
