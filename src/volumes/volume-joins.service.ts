import { Injectable } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { engineOf } from '../common/of-engine.js';
import { CONTAINERS } from '../containers/container-catalog.js';
import type { Container, ContainerMount } from '../containers/container.model.js';
import type { ContainerRecord } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { RequestLoader } from '../http/request-loader.js';
import { VOLUMES, type VolumeRecord } from './volume-catalog.js';
import { volumesIn } from './volume.mapper.js';
import type { Volume } from './volume.model.js';

/** By name. */
type Volumes = ReadonlyMap<string, VolumeRecord>;
/** By the name of their volume. */
type Users = ReadonlyMap<string, readonly ContainerRecord[]>;

/** Leads from containers to volumes and back, from memory, through the gate once for each operation. */
@Injectable()
export class VolumeJoins {
  private readonly volumes = new RequestLoader<Volumes>();
  private readonly users = new RequestLoader<Users | null>();

  constructor(private readonly gate: Gate) {}

  /** The volume that is mounted; null for what is none, where the actor may not see it, and where it is gone. */
  async volumeOf(actor: Actor, mount: ContainerMount, info: GraphQLResolveInfo): Promise<Volume | null> {
    if (mount.name === null) return null;
    const engine = engineOf(mount);
    const volumes = await this.volumes.load(info, engine, async () => {
      const handle = this.gate.as(actor).engine(engine);
      const { records } = (await handle.mayEver('volumes:list'))
        ? await handle.objects('volume')
        : { records: [] };
      return new Map(records.map((record) => [record.id, record]));
    });
    const record = volumes.get(mount.name);
    return record ? VOLUMES.entryOf(engine, record, Date.now()).object : null;
  }

  /** The containers that have a volume, as far as the actor may see; null where it may see no containers at all. */
  async containersOf(
    actor: Actor,
    { engine, name }: Pick<Volume, 'engine' | 'name'>,
    info: GraphQLResolveInfo,
  ): Promise<Container[] | null> {
    const users = await this.users.load(info, engine, async () => {
      const handle = this.gate.as(actor).engine(engine);
      return (await handle.mayEver('containers:list'))
        ? usersBy((await handle.objects('container')).records)
        : null;
    });
    if (!users) return null;
    return (users.get(name) ?? []).map((record) => CONTAINERS.entryOf(engine, record, Date.now()).object);
  }
}

function usersBy(records: readonly ContainerRecord[]): Users {
  const users = new Map<string, ContainerRecord[]>();
  for (const record of records) {
    for (const volume of volumesIn([record])) {
      const known = users.get(volume);
      if (known) known.push(record);
      else users.set(volume, [record]);
    }
  }
  return users;
}
