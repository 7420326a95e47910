import { Body, Controller, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ON_SWARM } from './swarm-fields.js';
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

@ApiTags('swarm')
@Controller('api/v1/engines/:engine/swarm')
export class SwarmController {
  constructor(
    private readonly swarm: SwarmService,
    private readonly keys: SwarmKeysService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'See the swarm that the engine manages' })
  @ApiOkResponse({ type: Swarm })
  @ApiProblems(...ON_SWARM)
  get(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<Swarm> {
    return this.swarm.get(actor, engine);
  }

  @Patch()
  @ApiOperation({ summary: 'Change settings of the swarm' })
  @ApiOkResponse({ type: Swarm })
  @ApiProblems(...ON_SWARM, 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: UpdateSwarmInput,
  ): Promise<Swarm> {
    return this.swarm.update(actor, engine, input);
  }

  @Get('membership')
  @ApiOperation({ summary: 'See what the engine is to a swarm, also where it is in none' })
  @ApiOkResponse({ type: SwarmMembership })
  @ApiProblems(...ON_SWARM)
  membership(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<SwarmMembership> {
    return this.swarm.membership(actor, engine);
  }

  @Post('init')
  @ApiOperation({ summary: 'Make a swarm, with the engine as its first manager' })
  @ApiCreatedResponse({ type: Swarm })
  @ApiProblems(...ON_SWARM, 'conflict')
  init(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: InitSwarmInput,
  ): Promise<Swarm> {
    return this.swarm.init(actor, engine, input);
  }

  @Post('join')
  @HttpCode(204)
  @ApiOperation({ summary: 'Have the engine join a swarm' })
  @ApiNoContentResponse({ description: 'It is in the swarm.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  join(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: JoinSwarmInput,
  ): Promise<void> {
    return this.swarm.join(actor, engine, input);
  }

  @Post('leave')
  @HttpCode(204)
  @ApiOperation({ summary: 'Have the engine leave its swarm' })
  @ApiNoContentResponse({ description: 'It is in no swarm.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  leave(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: LeaveSwarmInput,
  ): Promise<void> {
    return this.swarm.leave(actor, engine, input);
  }

  @Get('join-tokens')
  @ApiOperation({ summary: 'Read the tokens with which machines join the swarm' })
  @ApiOkResponse({ type: SwarmJoinTokens })
  @ApiProblems(...ON_SWARM)
  joinTokens(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<SwarmJoinTokens> {
    return this.keys.joinTokens(actor, engine);
  }

  @Post('join-tokens/rotate')
  @HttpCode(204)
  @ApiOperation({ summary: 'Replace join tokens' })
  @ApiNoContentResponse({ description: 'The old ones are good for nothing.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  rotateJoinTokens(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: RotateJoinTokensInput,
  ): Promise<void> {
    return this.keys.rotateJoinTokens(actor, engine, input);
  }

  @Get('unlock-key')
  @ApiOperation({ summary: 'Read the key that unlocks managers' })
  @ApiOkResponse({ type: SwarmUnlockKey })
  @ApiProblems(...ON_SWARM)
  unlockKey(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<SwarmUnlockKey> {
    return this.keys.unlockKey(actor, engine);
  }

  @Post('unlock-key/rotate')
  @HttpCode(204)
  @ApiOperation({ summary: 'Replace the key that unlocks managers' })
  @ApiNoContentResponse({ description: 'There is another key.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  rotateUnlockKey(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<void> {
    return this.keys.rotateUnlockKey(actor, engine);
  }

  @Post('unlock')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unlock the engine after it was restarted' })
  @ApiNoContentResponse({ description: 'It is unlocked.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  unlock(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: UnlockSwarmInput,
  ): Promise<void> {
    return this.keys.unlock(actor, engine, input);
  }

  @Post('ca/rotate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Replace the certificate authority of the swarm' })
  @ApiOkResponse({ type: Swarm })
  @ApiProblems(...ON_SWARM, 'conflict')
  rotateCa(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: RotateSwarmCaInput,
  ): Promise<Swarm> {
    return this.keys.rotateCa(actor, engine, input);
  }
}
