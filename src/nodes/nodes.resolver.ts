import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { Job } from '../jobs/job.model.js';
import { NodeChange } from './node-change.model.js';
import { NodeChangedArgs, NodesArgs } from './node-list.inputs.js';
import { NodePath } from './node-paths.js';
import { NodeWatchService } from './node-watch.service.js';
import { NodeDrainService } from './node-drain.service.js';
import { DrainNodeInput, RemoveNodeQuery, UpdateNodeInput } from './node.inputs.js';
import { NodeConnection, NodeDetails } from './node.model.js';
import { NodesService } from './nodes.service.js';

@Resolver(() => NodeDetails)
export class NodesResolver {
  constructor(
    private readonly nodes: NodesService,
    private readonly drains: NodeDrainService,
    private readonly watching: NodeWatchService,
  ) {}

  @Query(() => NodeConnection, {
    name: 'nodes',
    description: 'The nodes of a swarm, newest first.',
  })
  async list(@CurrentActor() actor: Actor, @Args() { engine, filter = {}, first, after, fresh }: NodesArgs) {
    return (await this.nodes.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => NodeDetails, { name: 'node', description: 'A node.' })
  get(@CurrentActor() actor: Actor, @Args() path: NodePath, @Args() query: FreshQuery): Promise<NodeDetails> {
    return this.nodes.get(actor, path, query);
  }

  @Mutation(() => NodeDetails, {
    name: 'updateNode',
    description: 'Changes labels, role and availability of a node.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() path: NodePath,
    @Args('input') input: UpdateNodeInput,
  ): Promise<NodeDetails> {
    return this.nodes.update(actor, path, input);
  }

  @Mutation(() => Boolean, {
    name: 'removeNode',
    description: 'Removes a node from the swarm. Answers true.',
  })
  async remove(
    @CurrentActor() actor: Actor,
    @Args() path: NodePath,
    @Args() query: RemoveNodeQuery,
  ): Promise<boolean> {
    await this.nodes.remove(actor, path, query);
    return true;
  }

  @Mutation(() => Job, {
    name: 'drainNode',
    description: 'Takes all tasks from a node, and follows them until they have moved, as a job.',
  })
  drain(
    @CurrentActor() actor: Actor,
    @Args() path: NodePath,
    @Args('input', { nullable: true }) input?: DrainNodeInput,
  ): Promise<Job> {
    return this.drains.drain(actor, path, input ?? {});
  }

  @Subscription(() => NodeChange, {
    description:
      'What changes among the nodes of a swarm: first `reset`, each node as `added` and `synced`, then each change.',
    resolve: (change: NodeChange) => change,
  })
  nodeChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: NodeChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }
}
