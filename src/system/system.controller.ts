import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { DaemonConfig, DaemonConfigValidation, ValidateDaemonConfigInput } from './daemon-config.model.js';
import { DiskUsage } from './disk-usage.model.js';
import { DiskUsageService } from './disk-usage.service.js';
import { SystemPruneInput } from './prune.inputs.js';
import { SystemPruneReport } from './prune.model.js';
import { PruneService } from './prune.service.js';
import { DistributionQuery } from './system.inputs.js';
import { DistributionImage, SystemInfo, SystemPing, SystemVersion } from './system.model.js';
import { SystemService } from './system.service.js';

const ERRORS = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_supported',
  'engine_error',
  'engine_unavailable',
  'engine_timeout',
] as const;

/** The engine itself. */
@ApiTags('system')
@Controller('api/v1/engines/:engine')
export class SystemController {
  constructor(
    private readonly system: SystemService,
    private readonly usage: DiskUsageService,
    private readonly pruning: PruneService,
  ) {}

  @Get('system/info')
  @ApiOperation({ summary: 'See what an engine is, and what it can do' })
  @ApiOkResponse({ type: SystemInfo })
  @ApiProblems(...ERRORS)
  info(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<SystemInfo> {
    return this.system.info(actor, engine);
  }

  @Get('system/version')
  @ApiOperation({ summary: 'See the versions of an engine' })
  @ApiOkResponse({ type: SystemVersion })
  @ApiProblems(...ERRORS)
  version(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<SystemVersion> {
    return this.system.version(actor, engine);
  }

  @Get('system/ping')
  @ApiOperation({ summary: 'Ask an engine whether it is there' })
  @ApiOkResponse({ type: SystemPing })
  @ApiProblems(...ERRORS)
  ping(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<SystemPing> {
    return this.system.ping(actor, engine);
  }

  @Get('system/disk-usage')
  @ApiOperation({
    summary: 'See what an engine takes of its disk, by kind, and what could be reclaimed',
    description:
      'Measured at most every 10 seconds. Without `system:df` on all of the engine: of what you may see.',
  })
  @ApiOkResponse({ type: DiskUsage })
  @ApiProblems(...ERRORS)
  diskUsage(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<DiskUsage> {
    return this.usage.usage(actor, engine);
  }

  @Post('system/prune')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove all that is not in use and that you may remove, or see what would go' })
  @ApiOkResponse({ type: SystemPruneReport })
  @ApiProblems(...ERRORS)
  prune(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: SystemPruneInput,
  ): Promise<SystemPruneReport> {
    return this.pruning.prune(actor, engine, input);
  }

  @Get('system/distribution')
  @ApiOperation({ summary: 'Look up an image in its registry' })
  @ApiOkResponse({ type: DistributionImage })
  @ApiProblems(...ERRORS)
  distribution(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Query() { reference }: DistributionQuery,
  ): Promise<DistributionImage> {
    return this.system.distribution(actor, engine, reference);
  }

  @Get('daemon-config')
  @ApiOperation({ summary: 'See how an engine is set up, with advice where that is known to hurt' })
  @ApiOkResponse({ type: DaemonConfig })
  @ApiProblems(...ERRORS)
  daemonConfig(@CurrentActor() actor: Actor, @Param() { engine }: EnginePath): Promise<DaemonConfig> {
    return this.system.daemonConfig(actor, engine);
  }

  @Post('daemon-config/validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Check a proposed daemon.json against what engines know and how this one runs' })
  @ApiOkResponse({ type: DaemonConfigValidation })
  @ApiProblems(...ERRORS)
  validate(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() { content }: ValidateDaemonConfigInput,
  ): Promise<DaemonConfigValidation> {
    return this.system.validate(actor, engine, content);
  }
}
