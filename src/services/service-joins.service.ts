import { Injectable } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import type { Permission } from '../common/permissions.js';
import { CONFIGS, type ConfigRecord } from '../configs/config-catalog.js';
import type { Config } from '../configs/config.model.js';
import { CONTAINERS } from '../containers/container-catalog.js';
import type { Container } from '../containers/container.model.js';
import type { ContainerRecord, KeptOf, ObjectRecord, WatchedKindName } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { RequestLoader } from '../http/request-loader.js';
import { NETWORKS, type NetworkRecord } from '../networks/network-catalog.js';
import type { Network } from '../networks/network.model.js';
import { NODES, type NodeRecord } from '../nodes/node-catalog.js';
import type { Node } from '../nodes/node.model.js';
import { SECRETS, type SecretRecord } from '../secrets/secret-catalog.js';
import type { Secret } from '../secrets/secret.model.js';
import { TASKS, type TaskRecord } from '../tasks/task-catalog.js';
import type { Task } from '../tasks/task.model.js';
import { SERVICES, type ServiceRecord } from './service-catalog.js';
import { countTasks } from './service-tasks.js';
import type { Service, ServiceTaskCounts } from './service.model.js';

type ByService = ReadonlyMap<string, readonly TaskRecord[]>;
type ById<Record> = ReadonlyMap<string, Record>;

/** Containers of one engine, by their full id, and which engine that is. */
interface Containers {
  readonly engine: string;
  readonly byId: ById<ContainerRecord>;
}

/** Leads from services to tasks, containers and back, from memory, through the gate once for each operation. */
@Injectable()
export class ServiceJoins {
  private readonly tasks = new RequestLoader<ByService | null>();
  private readonly services = new RequestLoader<ById<ServiceRecord>>();
  private readonly containers = new RequestLoader<Containers | null>();
  private readonly nodes = new RequestLoader<ById<NodeRecord>>();
  private readonly networks = new RequestLoader<ById<NetworkRecord>>();
  private readonly secrets = new RequestLoader<ById<SecretRecord>>();
  private readonly configs = new RequestLoader<ById<ConfigRecord>>();

  constructor(private readonly gate: Gate) {}

  /** The tasks of a service, as far as the actor may see; null where it may see no tasks at all. */
  async tasksOf(actor: Actor, service: Service, info: GraphQLResolveInfo): Promise<Task[] | null> {
    const records = await this.recordsOf(actor, service, info);
    return records && records.map((record) => TASKS.entryOf(service.engine, record, Date.now()).object);
  }

  /** How many tasks of a service are how far; null where the actor may see no tasks at all. */
  async countsOf(
    actor: Actor,
    service: Service,
    info: GraphQLResolveInfo,
  ): Promise<ServiceTaskCounts | null> {
    const records = await this.recordsOf(actor, service, info);
    const record = (await this.servicesOf(actor, service.engine, info)).get(service.id);
    return (
      (records &&
        record &&
        countTasks(
          record.kept,
          records.map(({ kept }) => kept),
        )) ??
      null
    );
  }

  /** The service of a task; null where the actor may not see it, and for a container that is on a network of the swarm. */
  async serviceOf(
    actor: Actor,
    { engine, serviceId }: Task,
    info: GraphQLResolveInfo,
  ): Promise<Service | null> {
    if (serviceId === null) return null;
    const record = (await this.servicesOf(actor, engine, info)).get(serviceId);
    return record ? SERVICES.entryOf(engine, record, Date.now()).object : null;
  }

  /** The container of a task; null where its node is no engine of ours, and where the actor may not see it. */
  async containerOf(
    actor: Actor,
    { nodeId, containerId }: Task,
    info: GraphQLResolveInfo,
  ): Promise<Container | null> {
    if (nodeId === null || containerId === null) return null;
    const containers = await this.containers.load(info, nodeId, async () => {
      const gate = this.gate.as(actor);
      const engine = await gate.engineOfNode(nodeId);
      const handle = engine === undefined ? undefined : gate.engine(engine);
      if (!handle || !(await handle.mayEver('containers:list'))) return null;
      const { records } = await handle.objects('container');
      return { engine: handle.name, byId: new Map(records.map((record) => [record.id, record])) };
    });
    const record = containers?.byId.get(containerId);
    return containers && record ? CONTAINERS.entryOf(containers.engine, record, Date.now()).object : null;
  }

  /** The node that a task was given to; null while there is none, and where the actor may not see it. */
  async nodeOf(actor: Actor, { engine, nodeId }: Task, info: GraphQLResolveInfo): Promise<Node | null> {
    if (nodeId === null) return null;
    const nodes = await this.nodes.load(info, engine, () => this.all(actor, engine, 'node', 'nodes:list'));
    const record = nodes.get(nodeId);
    return record ? NODES.entryOf(engine, record, Date.now()).object : null;
  }

  /** The networks that the tasks of a service are on, as far as the actor may see them. */
  async networksOf(
    actor: Actor,
    { engine, networks }: Service,
    info: GraphQLResolveInfo,
  ): Promise<Network[]> {
    const byId = await this.networks.load(info, engine, () =>
      this.all(actor, engine, 'network', 'networks:list'),
    );
    return pick(byId, networks).map((record) => NETWORKS.entryOf(engine, record, Date.now()).object);
  }

  /** The secrets that the containers of a service can read, as far as the actor may see them. */
  async secretsOf(actor: Actor, { engine, secrets }: Service, info: GraphQLResolveInfo): Promise<Secret[]> {
    const byId = await this.secrets.load(info, engine, () =>
      this.all(actor, engine, 'secret', 'secrets:list'),
    );
    return pick(byId, secrets).map((record) => SECRETS.entryOf(engine, record, Date.now()).object);
  }

  /** The configs that the containers of a service can read, as far as the actor may see them. */
  async configsOf(actor: Actor, { engine, configs }: Service, info: GraphQLResolveInfo): Promise<Config[]> {
    const byId = await this.configs.load(info, engine, () =>
      this.all(actor, engine, 'config', 'configs:list'),
    );
    return pick(byId, configs).map((record) => CONFIGS.entryOf(engine, record, Date.now()).object);
  }

  private async recordsOf(actor: Actor, { engine, id }: Service, info: GraphQLResolveInfo) {
    const tasks = await this.tasks.load(info, engine, async () => {
      const handle = this.gate.as(actor).engine(engine);
      return (await handle.mayEver('tasks:list')) ? byService((await handle.objects('task')).records) : null;
    });
    return tasks && (tasks.get(id) ?? []);
  }

  private servicesOf(actor: Actor, engine: string, info: GraphQLResolveInfo): Promise<ById<ServiceRecord>> {
    return this.services.load(info, engine, () => this.all(actor, engine, 'service', 'services:list'));
  }

  /** All of a kind that the actor may see, by their full ids. */
  private async all<Kind extends WatchedKindName>(
    actor: Actor,
    engine: string,
    kind: Kind,
    permission: Permission,
  ): Promise<ById<ObjectRecord<KeptOf<Kind>>>> {
    const handle = this.gate.as(actor).engine(engine);
    if (!(await handle.mayEver(permission))) return new Map<string, ObjectRecord<KeptOf<Kind>>>();
    return new Map((await handle.objects(kind)).records.map((record) => [record.id, record]));
  }
}

function pick<Record>(byId: ById<Record>, wanted: readonly { readonly id: string }[]): Record[] {
  return wanted.flatMap(({ id }) => byId.get(id) ?? []);
}

function byService(records: readonly TaskRecord[]): ByService {
  return Map.groupBy(records, ({ kept }) => kept.ServiceID ?? '');
}
