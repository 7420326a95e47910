import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { NetworkChange } from './network-change.model.js';
import { NetworkGraph } from './network-graph.model.js';
import { NetworkGraphService } from './network-graph.service.js';
import { NetworkChangedArgs, NetworkGraphQuery, NetworksArgs } from './network-list.inputs.js';
import { NetworkPath } from './network-paths.js';
import { NetworkWatchService } from './network-watch.service.js';
import {
  ConnectNetworkInput,
  CreateNetworkInput,
  DisconnectNetworkInput,
  PruneNetworksInput,
} from './network.inputs.js';
import { NetworkConnection, NetworkDetails, NetworkPruneResult } from './network.model.js';
import { NetworksService } from './networks.service.js';

const AFTER = 'Answers with the network as it is then, or null where you may not see it.';

@Resolver(() => NetworkDetails)
export class NetworksResolver {
  constructor(
    private readonly networks: NetworksService,
    private readonly graphs: NetworkGraphService,
    private readonly watching: NetworkWatchService,
  ) {}

  @Query(() => NetworkConnection, {
    name: 'networks',
    description: 'The networks of an engine, newest first.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, first, after, fresh }: NetworksArgs,
  ) {
    return (await this.networks.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => NetworkDetails, { name: 'network', description: 'A network.' })
  get(
    @CurrentActor() actor: Actor,
    @Args() path: NetworkPath,
    @Args() query: FreshQuery,
  ): Promise<NetworkDetails> {
    return this.networks.get(actor, path, query);
  }

  @Query(() => NetworkGraph, {
    name: 'networkGraph',
    description: 'Which containers talk on which network.',
  })
  graph(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args() query: NetworkGraphQuery,
  ): Promise<NetworkGraph> {
    return this.graphs.graph(actor, engine, query);
  }

  @Mutation(() => NetworkDetails, { name: 'createNetwork', description: 'Creates a network.' })
  create(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: CreateNetworkInput,
    @Args() query: DryRunQuery,
  ): Promise<NetworkDetails> {
    return this.networks.create(actor, engine, input, query);
  }

  @Mutation(() => Boolean, { name: 'removeNetwork', description: 'Removes a network. Answers true.' })
  async remove(@CurrentActor() actor: Actor, @Args() path: NetworkPath): Promise<boolean> {
    await this.networks.remove(actor, path);
    return true;
  }

  @Mutation(() => NetworkDetails, {
    name: 'connectNetwork',
    nullable: true,
    description: `Connects a container to a network. ${AFTER}`,
  })
  async connect(
    @CurrentActor() actor: Actor,
    @Args() path: NetworkPath,
    @Args('input') input: ConnectNetworkInput,
  ): Promise<NetworkDetails | null> {
    await this.networks.connect(actor, path, input);
    return this.networks.find(actor, path);
  }

  @Mutation(() => NetworkDetails, {
    name: 'disconnectNetwork',
    nullable: true,
    description: `Disconnects a container from a network. ${AFTER}`,
  })
  async disconnect(
    @CurrentActor() actor: Actor,
    @Args() path: NetworkPath,
    @Args('input') input: DisconnectNetworkInput,
  ): Promise<NetworkDetails | null> {
    await this.networks.disconnect(actor, path, input);
    return this.networks.find(actor, path);
  }

  @Mutation(() => NetworkPruneResult, {
    name: 'pruneNetworks',
    description: 'Removes networks that no container is on, as far as you may.',
  })
  prune(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args() query: DryRunQuery,
    @Args('input', { nullable: true }) input?: PruneNetworksInput,
  ): Promise<NetworkPruneResult> {
    return this.networks.prune(actor, engine, input ?? {}, query);
  }

  @Subscription(() => NetworkChange, {
    description:
      'What changes among the networks of an engine: first `reset`, each network as `added` and `synced`, then each change.',
    resolve: (change: NetworkChange) => change,
  })
  networkChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: NetworkChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }
}
