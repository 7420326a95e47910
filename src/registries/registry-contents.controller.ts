import { Controller, Delete, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { RequestSignal } from '../http/request-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import type { RemotePage } from './distribution/registry-lists.js';
import {
  DeletedRegistryTag,
  RegistryManifest,
  type RegistryRepository,
  RegistryRepositoryPage,
  type RegistryTag,
  RegistryTagPage,
} from './registry-contents.model.js';
import { RegistryContentsService } from './registry-contents.service.js';
import {
  DeleteRegistryTagQuery,
  RegistryManifestQuery,
  RegistryPageQuery,
  RegistryPath,
  RegistryTagsQuery,
} from './registry.inputs.js';

/** What any call to a registry may come to. */
const REMOTE = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'too_many_requests',
  'not_supported',
  'unavailable',
  'cancelled',
] as const;

@ApiTags('registries')
@Controller('api/v1/registries/:id')
export class RegistryContentsController {
  constructor(private readonly contents: RegistryContentsService) {}

  @Get('repositories')
  @ApiOperation({
    summary: 'List the repositories of a registry',
    description: 'In its own order. Not every registry tells: Docker Hub does not.',
  })
  @ApiOkResponse({ type: RegistryRepositoryPage })
  @ApiProblems(...REMOTE)
  repositories(
    @CurrentActor() actor: Actor,
    @Param() { id }: RegistryPath,
    @Query() page: RegistryPageQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<RemotePage<RegistryRepository>> {
    return this.contents.repositories(actor, id, page, signal);
  }

  @Get('tags')
  @ApiOperation({ summary: 'List the tags of a repository', description: "In the registry's own order." })
  @ApiOkResponse({ type: RegistryTagPage })
  @ApiProblems(...REMOTE)
  tags(
    @CurrentActor() actor: Actor,
    @Param() { id }: RegistryPath,
    @Query() query: RegistryTagsQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<RemotePage<RegistryTag>> {
    return this.contents.tags(actor, id, query.repository, query, signal);
  }

  @Delete('tags')
  @ApiOperation({
    summary: 'Delete a tag',
    description:
      'Where the registry can only delete whole images, the image goes, unless it has other tags: then it is a conflict, and needs `withOtherTags`. The registry has to allow deleting.',
  })
  @ApiOkResponse({ type: DeletedRegistryTag })
  @ApiProblems(...REMOTE, 'conflict')
  deleteTag(
    @CurrentActor() actor: Actor,
    @Param() { id }: RegistryPath,
    @Query() query: DeleteRegistryTagQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<DeletedRegistryTag> {
    return this.contents.deleteTag(actor, id, query, signal);
  }

  @Get('manifest')
  @ApiOperation({
    summary: 'Inspect what a tag or digest stands for',
    description: 'Digests are checked: what the registry answers is what its digest says.',
  })
  @ApiOkResponse({ type: RegistryManifest })
  @ApiProblems(...REMOTE)
  manifest(
    @CurrentActor() actor: Actor,
    @Param() { id }: RegistryPath,
    @Query() query: RegistryManifestQuery,
    @RequestSignal() signal: AbortSignal,
  ): Promise<RegistryManifest> {
    return this.contents.manifest(actor, id, query, signal);
  }
}
