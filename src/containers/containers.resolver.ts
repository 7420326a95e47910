import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ContainerActionsService } from './container-actions.service.js';
import { CreateContainerInput, RunContainerInput } from './container-create.inputs.js';
import { ContainersArgs } from './container-list.inputs.js';
import { ContainerPath } from './container-paths.js';
import {
  CommitContainerInput,
  KillContainerInput,
  PruneContainersInput,
  RemoveContainerInput,
  RenameContainerInput,
  RestartContainerInput,
  StopContainerInput,
  TopContainerInput,
  UpdateContainerInput,
  WaitContainerInput,
} from './container.inputs.js';
import { ContainerConnection } from './container.model.js';
import { ContainerDetails } from './container-details.model.js';
import {
  CommitResult,
  ContainerProcesses,
  ContainerWaitResult,
  FilesystemChange,
  PruneResult,
} from './container-results.model.js';
import { ContainersService } from './containers.service.js';

const AFTER = 'Answers with the container as it is then, or null where you may not see it.';

@Resolver(() => ContainerDetails)
export class ContainersResolver {
  constructor(
    private readonly containers: ContainersService,
    private readonly actions: ContainerActionsService,
  ) {}

  @Query(() => ContainerConnection, {
    name: 'containers',
    description: 'The containers of an engine, newest first; stopped ones too.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, first, after, fresh }: ContainersArgs,
  ) {
    return (await this.containers.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => ContainerDetails, { name: 'container', description: 'A container.' })
  get(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args() query: FreshQuery,
  ): Promise<ContainerDetails> {
    return this.containers.get(actor, path, query);
  }

  @Query(() => ContainerProcesses, {
    name: 'containerProcesses',
    description: 'The processes of a container.',
  })
  top(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input', { nullable: true }) input?: TopContainerInput,
  ) {
    return this.actions.top(actor, path, input ?? {});
  }

  @Query(() => [FilesystemChange], {
    name: 'containerChanges',
    description: 'The paths that differ from the image.',
  })
  changes(@CurrentActor() actor: Actor, @Args() path: ContainerPath): Promise<FilesystemChange[]> {
    return this.actions.changes(actor, path);
  }

  @Mutation(() => ContainerDetails, {
    name: 'createContainer',
    description: 'Creates a container, without starting it.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: CreateContainerInput,
  ): Promise<ContainerDetails> {
    return this.containers.create(actor, engine, input);
  }

  @Mutation(() => ContainerDetails, {
    name: 'runContainer',
    description: 'Creates and starts a container, pulling its image when asked.',
  })
  run(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: RunContainerInput,
    @GraphqlSignal() signal: AbortSignal,
  ): Promise<ContainerDetails> {
    return this.containers.run(actor, engine, input, signal);
  }

  @Mutation(() => ContainerDetails, {
    name: 'startContainer',
    nullable: true,
    description: `Starts a container. ${AFTER}`,
  })
  async start(@CurrentActor() actor: Actor, @Args() path: ContainerPath): Promise<ContainerDetails | null> {
    await this.actions.start(actor, path, {});
    return this.containers.find(actor, path);
  }

  @Mutation(() => ContainerDetails, {
    name: 'stopContainer',
    nullable: true,
    description: `Stops a container. ${AFTER}`,
  })
  async stop(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input', { nullable: true }) input?: StopContainerInput,
  ): Promise<ContainerDetails | null> {
    await this.actions.stop(actor, path, input ?? {});
    return this.containers.find(actor, path);
  }

  @Mutation(() => ContainerDetails, {
    name: 'restartContainer',
    nullable: true,
    description: `Restarts a container. ${AFTER}`,
  })
  async restart(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input', { nullable: true }) input?: RestartContainerInput,
  ): Promise<ContainerDetails | null> {
    await this.actions.restart(actor, path, input ?? {});
    return this.containers.find(actor, path);
  }

  @Mutation(() => ContainerDetails, {
    name: 'killContainer',
    nullable: true,
    description: `Sends a signal to a container. ${AFTER}`,
  })
  async kill(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input', { nullable: true }) input?: KillContainerInput,
  ): Promise<ContainerDetails | null> {
    await this.actions.kill(actor, path, input ?? {});
    return this.containers.find(actor, path);
  }

  @Mutation(() => ContainerDetails, {
    name: 'pauseContainer',
    nullable: true,
    description: `Suspends all processes of a container. ${AFTER}`,
  })
  async pause(@CurrentActor() actor: Actor, @Args() path: ContainerPath): Promise<ContainerDetails | null> {
    await this.actions.pause(actor, path);
    return this.containers.find(actor, path);
  }

  @Mutation(() => ContainerDetails, {
    name: 'unpauseContainer',
    nullable: true,
    description: `Resumes all processes of a container. ${AFTER}`,
  })
  async unpause(@CurrentActor() actor: Actor, @Args() path: ContainerPath): Promise<ContainerDetails | null> {
    await this.actions.unpause(actor, path);
    return this.containers.find(actor, path);
  }

  @Mutation(() => ContainerDetails, {
    name: 'renameContainer',
    nullable: true,
    description: `Gives a container another name. ${AFTER}`,
  })
  async rename(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input') input: RenameContainerInput,
  ): Promise<ContainerDetails | null> {
    await this.actions.rename(actor, path, input);
    return this.containers.find(actor, { engine: path.engine, id: input.name });
  }

  @Mutation(() => ContainerDetails, {
    name: 'updateContainer',
    nullable: true,
    description: `Changes resource limits and the restart policy. ${AFTER}`,
  })
  async update(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input') input: UpdateContainerInput,
  ): Promise<ContainerDetails | null> {
    const { warnings } = await this.actions.update(actor, path, input);
    const container = await this.containers.find(actor, path);
    return container && { ...container, warnings };
  }

  @Mutation(() => ContainerWaitResult, {
    name: 'waitContainer',
    description: 'Waits until a container stops, and tells its exit code.',
  })
  wait(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @GraphqlSignal() signal: AbortSignal,
    @Args('input', { nullable: true }) input?: WaitContainerInput,
  ): Promise<ContainerWaitResult> {
    return this.actions.wait(actor, path, input ?? {}, signal);
  }

  @Mutation(() => Boolean, { name: 'removeContainer', description: 'Removes a container.' })
  async remove(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input', { nullable: true }) input?: RemoveContainerInput,
  ): Promise<boolean> {
    await this.containers.remove(actor, path, input ?? {});
    return true;
  }

  @Mutation(() => PruneResult, {
    name: 'pruneContainers',
    description: 'Removes stopped containers, as far as you may.',
  })
  prune(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input', { nullable: true }) input?: PruneContainersInput,
  ) {
    return this.containers.prune(actor, engine, input ?? {});
  }

  @Mutation(() => CommitResult, { name: 'commitContainer', description: 'Makes an image of a container.' })
  commit(
    @CurrentActor() actor: Actor,
    @Args() path: ContainerPath,
    @Args('input', { nullable: true }) input?: CommitContainerInput,
  ): Promise<CommitResult> {
    return this.actions.commit(actor, path, input ?? {});
  }
}
