import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { SwarmKeysService } from './swarm-keys.service.js';
import {
  InitSwarmInput,
  JoinSwarmInput,
  LeaveSwarmInput,
  RotateJoinTokensInput,
  RotateSwarmCaInput,
  UnlockSwarmInput,
  UpdateSwarmInput,
} from './swarm.inputs.js';
import { Swarm, SwarmJoinTokens, SwarmMembership, SwarmUnlockKey } from './swarm.model.js';
import { SwarmService } from './swarm.service.js';

@Resolver(() => Swarm)
export class SwarmResolver {
  constructor(
    private readonly swarm: SwarmService,
    private readonly keys: SwarmKeysService,
  ) {}

  @Query(() => Swarm, { name: 'swarm', description: 'The swarm that an engine manages.' })
  get(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<Swarm> {
    return this.swarm.get(actor, engine);
  }

  @Query(() => SwarmMembership, {
    name: 'swarmMembership',
    description: 'What an engine is to a swarm, also where it is in none.',
  })
  membership(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<SwarmMembership> {
    return this.swarm.membership(actor, engine);
  }

  @Query(() => SwarmJoinTokens, {
    name: 'swarmJoinTokens',
    description: 'The tokens with which machines join the swarm.',
  })
  joinTokens(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<SwarmJoinTokens> {
    return this.keys.joinTokens(actor, engine);
  }

  @Query(() => SwarmUnlockKey, {
    name: 'swarmUnlockKey',
    description: 'The key that unlocks managers of the swarm.',
  })
  unlockKey(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<SwarmUnlockKey> {
    return this.keys.unlockKey(actor, engine);
  }

  @Mutation(() => Swarm, {
    name: 'initSwarm',
    description: 'Makes a swarm, with the engine as its first manager.',
  })
  init(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input', { nullable: true }) input?: InitSwarmInput,
  ): Promise<Swarm> {
    return this.swarm.init(actor, engine, input ?? {});
  }

  @Mutation(() => Boolean, { name: 'joinSwarm', description: 'Has an engine join a swarm. Answers true.' })
  async join(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: JoinSwarmInput,
  ): Promise<boolean> {
    await this.swarm.join(actor, engine, input);
    return true;
  }

  @Mutation(() => Boolean, {
    name: 'leaveSwarm',
    description: 'Has an engine leave its swarm. Answers true.',
  })
  async leave(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input', { nullable: true }) input?: LeaveSwarmInput,
  ): Promise<boolean> {
    await this.swarm.leave(actor, engine, input ?? {});
    return true;
  }

  @Mutation(() => Swarm, { name: 'updateSwarm', description: 'Changes settings of the swarm.' })
  update(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: UpdateSwarmInput,
  ): Promise<Swarm> {
    return this.swarm.update(actor, engine, input);
  }

  @Mutation(() => Boolean, {
    name: 'rotateSwarmJoinTokens',
    description: 'Replaces join tokens. Answers true.',
  })
  async rotateJoinTokens(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: RotateJoinTokensInput,
  ): Promise<boolean> {
    await this.keys.rotateJoinTokens(actor, engine, input);
    return true;
  }

  @Mutation(() => Boolean, {
    name: 'rotateSwarmUnlockKey',
    description: 'Replaces the key that unlocks managers. Answers true.',
  })
  async rotateUnlockKey(@CurrentActor() actor: Actor, @Args() { engine }: EnginePath): Promise<boolean> {
    await this.keys.rotateUnlockKey(actor, engine);
    return true;
  }

  @Mutation(() => Boolean, {
    name: 'unlockSwarm',
    description: 'Unlocks an engine after it was restarted. Answers true.',
  })
  async unlock(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: UnlockSwarmInput,
  ): Promise<boolean> {
    await this.keys.unlock(actor, engine, input);
    return true;
  }

  @Mutation(() => Swarm, {
    name: 'rotateSwarmCa',
    description: 'Replaces the certificate authority of the swarm.',
  })
  rotateCa(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input', { nullable: true }) input?: RotateSwarmCaInput,
  ): Promise<Swarm> {
    return this.keys.rotateCa(actor, engine, input ?? {});
  }
}
