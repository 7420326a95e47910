import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { EnginePath } from '../common/engine-path.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { ImageBuildsService } from './image-builds.service.js';
import { ON_IMAGES } from './image-problems.js';
import { PrunedBuildCache } from './image-results.model.js';
import { PruneBuildCacheInput } from './image.inputs.js';

@ApiTags('images')
@Controller('api/v1/engines/:engine/build-cache')
export class BuildCacheController {
  constructor(private readonly builds: ImageBuildsService) {}

  @Post('prune')
  @HttpCode(200)
  @ApiOperation({ summary: 'Remove cached steps of builds' })
  @ApiOkResponse({ type: PrunedBuildCache })
  @ApiProblems(...ON_IMAGES)
  prune(
    @CurrentActor() actor: Actor,
    @Param() { engine }: EnginePath,
    @Body() input: PruneBuildCacheInput,
  ): Promise<PrunedBuildCache> {
    return this.builds.pruneCache(actor, engine, input);
  }
}
