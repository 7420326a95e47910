import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FollowedList, FreshQuery } from '../common/freshness.js';
import { PageOf } from '../common/pagination.js';
import { ApiListOrWatch } from '../http/api-list-or-watch.js';
import { ApiProblems } from '../http/api-problems.js';
import { sendPrepared } from '../http/prepared-json.js';
import { sendStream } from '../http/streaming.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ON_SWARM } from '../swarm/swarm-fields.js';
import { SecretChange } from './secret-change.model.js';
import { ListSecretsQuery } from './secret-list.inputs.js';
import { SecretPath } from './secret-paths.js';
import { SECRET_WATCH, SecretWatchService } from './secret-watch.service.js';
import { CreateSecretInput, UpdateSecretInput } from './secret.inputs.js';
import { Secret, SecretDetails } from './secret.model.js';
import { SecretsService } from './secrets.service.js';

class SecretPage extends PageOf(Secret, FollowedList) {}

@ApiTags('secrets')
@Controller('api/v1/engines/:engine/secrets')
export class SecretsController {
  constructor(
    private readonly secrets: SecretsService,
    private readonly watching: SecretWatchService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List secrets, newest first; or watch what changes among them' })
  @ApiListOrWatch(SecretPage, SecretChange)
  @ApiProblems(...ON_SWARM, 'not_acceptable')
  list(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { watch = false, limit, after, fresh, ...filter }: ListSecretsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!watch) return sendPrepared(reply, this.secrets.list(actor, engine, filter, { limit, after, fresh }));
    return sendStream(request, reply, SECRET_WATCH.stream, (signal) =>
      this.watching.watch(actor, engine, filter, lastEventId, signal),
    );
  }

  @Post()
  @ApiOperation({ summary: 'Create a secret' })
  @ApiCreatedResponse({ type: SecretDetails })
  @ApiProblems(...ON_SWARM, 'policy_violation', 'conflict', 'payload_too_large', 'unsupported_media_type')
  create(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: CreateSecretInput,
    @Query() query: DryRunQuery,
  ): Promise<SecretDetails> {
    return this.secrets.create(actor, engine, input, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'See a secret, and which services use it; its data is never shown' })
  @ApiOkResponse({ type: SecretDetails })
  @ApiProblems(...ON_SWARM)
  get(
    @CurrentActor() actor: Actor,
    @Param() path: SecretPath,
    @Query() query: FreshQuery,
  ): Promise<SecretDetails> {
    return this.secrets.get(actor, path, query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change the labels of a secret' })
  @ApiOkResponse({ type: SecretDetails })
  @ApiProblems(...ON_SWARM, 'conflict')
  update(
    @CurrentActor() actor: Actor,
    @Param() path: SecretPath,
    @Body() input: UpdateSecretInput,
  ): Promise<SecretDetails> {
    return this.secrets.update(actor, path, input);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a secret' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @ApiProblems(...ON_SWARM, 'conflict')
  remove(@CurrentActor() actor: Actor, @Param() path: SecretPath): Promise<void> {
    return this.secrets.remove(actor, path);
  }
}
