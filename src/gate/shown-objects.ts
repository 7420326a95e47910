import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { Permission } from '../common/permissions.js';
import type { ContainerRecord } from '../state/watched-containers.js';
import { Authoriser } from './authoriser.js';
import { recordWithoutMountSources } from './redaction.js';
import type { Rights } from './rights.js';

const LIST: Permission = 'containers:list';
const READ_MOUNTS: Permission = 'containers:readMounts';

/** Who looks at the containers of an engine. */
export interface Onlooker {
  readonly actor: Actor;
  readonly engine: string;
  readonly rights: Rights;
}

const redactedLists = new WeakMap<readonly ContainerRecord[], readonly ContainerRecord[]>();

/** Which containers an actor may see in lists, and in which form. */
@Injectable()
export class ShownContainers {
  constructor(private readonly authoriser: Authoriser) {}

  /** The same array for the same array wherever the actor's rights are of one kind for all containers. */
  async all(records: readonly ContainerRecord[], onlooker: Onlooker): Promise<readonly ContainerRecord[]> {
    if (!isUniform(onlooker.rights)) return [...(await this.each(records, onlooker)).values()];
    if (onlooker.rights.mayAlways(READ_MOUNTS)) return records;
    const known = redactedLists.get(records) ?? records.map(recordWithoutMountSources);
    redactedLists.set(records, known);
    return known;
  }

  /** The records that the actor may see, each with the form in which it may see it. */
  async each(
    records: readonly ContainerRecord[],
    { actor, engine, rights }: Onlooker,
  ): Promise<ReadonlyMap<ContainerRecord, ContainerRecord>> {
    const objects = this.authoriser.existingAll(actor, engine, 'container', records);
    const shown = new Map<ContainerRecord, ContainerRecord>();
    for (const [index, record] of records.entries()) {
      const object = objects[index];
      if (!object || !(await rights.may(LIST, object))) continue;
      shown.set(record, (await rights.may(READ_MOUNTS, object)) ? record : recordWithoutMountSources(record));
    }
    return shown;
  }
}

/** Whether the actor may see every container. */
export function seesAll(rights: Rights): boolean {
  return rights.mayAlways(LIST);
}

/** Equal for whoever sees the same of an engine's containers. */
export function reachOf({ actor, engine, rights }: Onlooker): string {
  return isUniform(rights)
    ? JSON.stringify([engine, rights.mayAlways(READ_MOUNTS)])
    : JSON.stringify([
        engine,
        actor.kind,
        actor.id,
        actor.teamIds,
        rights.reach(LIST),
        rights.reach(READ_MOUNTS),
      ]);
}

/** Whether nothing but the records decides what is shown of them, for now and all the time. */
export function isLasting(rights: Rights): boolean {
  return !rights.asksForOwner(LIST) && !rights.asksForOwner(READ_MOUNTS);
}

/** Whether all containers are shown, and all in one form. */
function isUniform(rights: Rights): boolean {
  return seesAll(rights) && (rights.mayAlways(READ_MOUNTS) || !rights.mayEver(READ_MOUNTS));
}
