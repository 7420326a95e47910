import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import type { Permission } from '../common/permissions.js';
import type { OperationId } from '../engine/operations/index.js';
import type { ObjectRecord } from '../state/watched-kind.js';
import type { KeptOf, WatchedKindName } from '../state/watched-kinds.js';
import { Authoriser } from './authoriser.js';
import { repositoriesOf } from './image-names.js';
import { inspectedBy } from './reading-operations.js';
import {
  recordWithoutMountSources,
  recordWithoutOptions,
  secretRecordWithoutOptions,
  serviceRecordWithoutEnvironment,
  taskRecordWithoutEnvironment,
} from './redaction.js';
import type { Rights, ScopedObject } from './rights.js';

interface ShownKind<Kept> {
  readonly list: Permission;
  readonly get: Permission;
  /** A part that needs a permission of its own, and the record without it. */
  readonly reveals?: Permission;
  readonly redact?: (record: ObjectRecord<Kept>) => ObjectRecord<Kept>;
}

type ShownKinds = { readonly [Kind in WatchedKindName]: ShownKind<KeptOf<Kind>> };

/** What it takes to see objects of each kind. */
export const SHOWN: ShownKinds = {
  container: {
    list: 'containers:list',
    get: 'containers:get',
    reveals: 'containers:readMounts',
    redact: recordWithoutMountSources,
  },
  image: { list: 'images:list', get: 'images:get' },
  network: { list: 'networks:list', get: 'networks:get' },
  volume: {
    list: 'volumes:list',
    get: 'volumes:get',
    reveals: 'volumes:readOptions',
    redact: recordWithoutOptions,
  },
  node: { list: 'nodes:list', get: 'nodes:get' },
  service: {
    list: 'services:list',
    get: 'services:get',
    reveals: 'services:readEnvironment',
    redact: serviceRecordWithoutEnvironment,
  },
  task: {
    list: 'tasks:list',
    get: 'tasks:get',
    reveals: 'tasks:readEnvironment',
    redact: taskRecordWithoutEnvironment,
  },
  secret: {
    list: 'secrets:list',
    get: 'secrets:get',
    reveals: 'secrets:update', // options of its driver
    redact: secretRecordWithoutOptions,
  },
  config: { list: 'configs:list', get: 'configs:get', reveals: 'configs:readData' }, // of which memory has none
};

/** What it takes to list what the operation looks at one of; undefined for operations that do something else. */
export function listOfLooked(id: OperationId): Permission | undefined {
  if (id === 'PluginInspect') return 'plugins:list';
  const kind = inspectedBy(id);
  return kind && SHOWN[kind].list;
}

/** Who looks at the objects of one kind on an engine. */
export interface Onlooker<Kind extends WatchedKindName = WatchedKindName> {
  readonly actor: Actor;
  readonly engine: string;
  readonly rights: Rights;
  readonly kind: Kind;
}

type Records<Kind extends WatchedKindName> = readonly ObjectRecord<KeptOf<Kind>>[];

const redactedLists = new WeakMap<object, unknown>();

/** Which objects an actor may see in lists, and in which form. */
@Injectable()
export class ShownObjects {
  constructor(private readonly authoriser: Authoriser) {}

  /** The same array for the same array wherever the actor's rights are of one kind for all objects. */
  async all<Kind extends WatchedKindName>(
    records: Records<Kind>,
    onlooker: Onlooker<Kind>,
  ): Promise<Records<Kind>> {
    if (!isUniform(onlooker)) return [...(await this.each(records, onlooker)).values()];
    const { reveals, redact } = SHOWN[onlooker.kind] as ShownKind<KeptOf<Kind>>;
    if (!reveals || !redact || onlooker.rights.mayAlways(reveals)) return records;
    const known = (redactedLists.get(records) as Records<Kind> | undefined) ?? records.map(redact);
    redactedLists.set(records, known);
    return known;
  }

  /** The records that the actor may see, each with the form in which it may see it. */
  async each<Kind extends WatchedKindName>(
    records: Records<Kind>,
    { actor, engine, rights, kind }: Onlooker<Kind>,
  ): Promise<ReadonlyMap<ObjectRecord<KeptOf<Kind>>, ObjectRecord<KeptOf<Kind>>>> {
    const { list, reveals, redact } = SHOWN[kind] as ShownKind<KeptOf<Kind>>;
    const objects = this.authoriser.existingAll(actor, engine, kind, records);
    const shown = new Map<ObjectRecord<KeptOf<Kind>>, ObjectRecord<KeptOf<Kind>>>();
    for (const [index, record] of records.entries()) {
      const object = objects[index];
      if (!object || !(await maySee(rights, list, object, repositoriesOf(kind, record.kept)))) continue;
      const whole = !reveals || !redact || (await rights.may(reveals, object));
      shown.set(record, whole ? record : redact(record));
    }
    return shown;
  }
}

/** An image is seen by whoever may see one of its repositories, though it may have names in others. */
export async function maySee(
  rights: Rights,
  permission: Permission,
  object: ScopedObject,
  repositories: readonly string[] | undefined,
): Promise<boolean> {
  if (await rights.may(permission, object)) return true;
  for (const repository of repositories ?? []) {
    if (await rights.may(permission, { ...object, repositories: [repository] })) return true;
  }
  return false;
}

/** The form in which a record is shown to who may only know that it was there. */
export function leastForm<Kind extends WatchedKindName>(
  kind: Kind,
  record: ObjectRecord<KeptOf<Kind>>,
): ObjectRecord<KeptOf<Kind>> {
  const { redact } = SHOWN[kind] as ShownKind<KeptOf<Kind>>;
  return redact ? redact(record) : record;
}

/** Whether the actor may see every object of the kind. */
export function seesAll({ rights, kind }: Pick<Onlooker, 'rights' | 'kind'>): boolean {
  return rights.mayAlways(SHOWN[kind].list);
}

/** Equal for whoever sees the same of an engine's objects of the kind. */
export function reachOf(onlooker: Onlooker): string {
  const { actor, engine, rights, kind } = onlooker;
  const { list, reveals } = SHOWN[kind];
  return isUniform(onlooker)
    ? JSON.stringify([kind, engine, reveals !== undefined && rights.mayAlways(reveals)])
    : JSON.stringify([
        kind,
        engine,
        actor.kind,
        actor.id,
        actor.teamIds,
        rights.reach(list),
        reveals === undefined ? null : rights.reach(reveals),
      ]);
}

/** Whether nothing but the records decides what is shown of them, for now and all the time. */
export function isLasting({ rights, kind }: Onlooker): boolean {
  const { list, reveals } = SHOWN[kind];
  return !rights.asksForOwner(list) && !(reveals !== undefined && rights.asksForOwner(reveals));
}

/** Whether all objects are shown, and all in one form. */
function isUniform(onlooker: Onlooker): boolean {
  const { reveals } = SHOWN[onlooker.kind];
  const { rights } = onlooker;
  return seesAll(onlooker) && (!reveals || rights.mayAlways(reveals) || !rights.mayEver(reveals));
}
