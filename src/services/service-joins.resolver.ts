import { Info, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Actor } from '../common/actor.js';
import { Config } from '../configs/config.model.js';
import { Container } from '../containers/container.model.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { Network } from '../networks/network.model.js';
import { Node } from '../nodes/node.model.js';
import { Secret } from '../secrets/secret.model.js';
import { Task, TaskDetails } from '../tasks/task.model.js';
import { ServiceJoins } from './service-joins.service.js';
import { Service, ServiceDetails, ServiceTaskCounts } from './service.model.js';

const TASKS = {
  name: 'tasks',
  nullable: true,
  description: 'Its tasks, ended ones too, as far as you may see them; null where you may see none at all.',
} as const;
const NETWORKS = {
  name: 'networkObjects',
  description: 'The networks that its tasks are on, as far as you may see them.',
} as const;
const SECRETS = {
  name: 'secretObjects',
  description: 'The secrets that its containers can read, as far as you may see them.',
} as const;
const CONFIGS = {
  name: 'configObjects',
  description: 'The configs that its containers can read, as far as you may see them.',
} as const;
const NODE = {
  name: 'node',
  nullable: true,
  description: 'The node that it was given to; null while there is none, and where you may not see it.',
} as const;
const SERVICE = {
  name: 'service',
  nullable: true,
  description: 'Its service; null where you may not see it.',
} as const;
const CONTAINER = {
  name: 'container',
  nullable: true,
  description:
    'Its container; null while there is none, where its node is no engine of this Dockmaster, and where you may not see it.',
} as const;

@Resolver(() => Service)
export class ServiceTasksResolver {
  constructor(private readonly joins: ServiceJoins) {}

  @ResolveField(() => [Task], TASKS)
  tasks(@CurrentActor() actor: Actor, @Parent() service: Service, @Info() info: GraphQLResolveInfo) {
    return this.joins.tasksOf(actor, service, info);
  }

  @ResolveField(() => [Network], NETWORKS)
  visibleNetworks(
    @CurrentActor() actor: Actor,
    @Parent() service: Service,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.networksOf(actor, service, info);
  }

  @ResolveField(() => [Secret], SECRETS)
  visibleSecrets(@CurrentActor() actor: Actor, @Parent() service: Service, @Info() info: GraphQLResolveInfo) {
    return this.joins.secretsOf(actor, service, info);
  }

  @ResolveField(() => [Config], CONFIGS)
  visibleConfigs(@CurrentActor() actor: Actor, @Parent() service: Service, @Info() info: GraphQLResolveInfo) {
    return this.joins.configsOf(actor, service, info);
  }

  @ResolveField(() => ServiceTaskCounts, {
    name: 'tasksByState',
    nullable: true,
    description: 'Its tasks, by number; null where you may see no tasks at all.',
  })
  counts(@CurrentActor() actor: Actor, @Parent() service: Service, @Info() info: GraphQLResolveInfo) {
    return this.joins.countsOf(actor, service, info);
  }
}

@Resolver(() => ServiceDetails)
export class ServiceDetailsTasksResolver {
  constructor(private readonly joins: ServiceJoins) {}

  @ResolveField(() => [Task], TASKS)
  tasks(@CurrentActor() actor: Actor, @Parent() service: ServiceDetails, @Info() info: GraphQLResolveInfo) {
    return this.joins.tasksOf(actor, service, info);
  }

  @ResolveField(() => [Network], NETWORKS)
  visibleNetworks(
    @CurrentActor() actor: Actor,
    @Parent() service: ServiceDetails,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.networksOf(actor, service, info);
  }

  @ResolveField(() => [Secret], SECRETS)
  visibleSecrets(
    @CurrentActor() actor: Actor,
    @Parent() service: ServiceDetails,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.secretsOf(actor, service, info);
  }

  @ResolveField(() => [Config], CONFIGS)
  visibleConfigs(
    @CurrentActor() actor: Actor,
    @Parent() service: ServiceDetails,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.joins.configsOf(actor, service, info);
  }
}

@Resolver(() => Task)
export class TaskServiceResolver {
  constructor(private readonly joins: ServiceJoins) {}

  @ResolveField(() => Service, SERVICE)
  service(@CurrentActor() actor: Actor, @Parent() task: Task, @Info() info: GraphQLResolveInfo) {
    return this.joins.serviceOf(actor, task, info);
  }

  @ResolveField(() => Node, NODE)
  node(@CurrentActor() actor: Actor, @Parent() task: Task, @Info() info: GraphQLResolveInfo) {
    return this.joins.nodeOf(actor, task, info);
  }

  @ResolveField(() => Container, CONTAINER)
  container(@CurrentActor() actor: Actor, @Parent() task: Task, @Info() info: GraphQLResolveInfo) {
    return this.joins.containerOf(actor, task, info);
  }
}

@Resolver(() => TaskDetails)
export class TaskDetailsServiceResolver {
  constructor(private readonly joins: ServiceJoins) {}

  @ResolveField(() => Service, SERVICE)
  service(@CurrentActor() actor: Actor, @Parent() task: TaskDetails, @Info() info: GraphQLResolveInfo) {
    return this.joins.serviceOf(actor, task, info);
  }

  @ResolveField(() => Node, NODE)
  node(@CurrentActor() actor: Actor, @Parent() task: TaskDetails, @Info() info: GraphQLResolveInfo) {
    return this.joins.nodeOf(actor, task, info);
  }

  @ResolveField(() => Container, CONTAINER)
  container(@CurrentActor() actor: Actor, @Parent() task: TaskDetails, @Info() info: GraphQLResolveInfo) {
    return this.joins.containerOf(actor, task, info);
  }
}
