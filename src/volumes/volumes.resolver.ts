import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { eachOf, openAbortable } from '../common/abortable.js';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { EnginePath } from '../common/engine-path.js';
import { FreshQuery } from '../common/freshness.js';
import { GraphqlSignal } from '../graphql/graphql-signal.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { Job } from '../jobs/job.model.js';
import { VolumeChange } from './volume-change.model.js';
import { VolumeCloneService } from './volume-clone.service.js';
import { VolumeFile, VolumeFolder } from './volume-file.model.js';
import { VolumeFilesService } from './volume-files.service.js';
import { VolumeChangedArgs, VolumesArgs } from './volume-list.inputs.js';
import { VolumePath } from './volume-paths.js';
import { VolumeFileQuery, VolumeFolderQuery } from './volume-transfer.inputs.js';
import { VolumeWatchService } from './volume-watch.service.js';
import {
  CloneVolumeInput,
  CreateVolumeInput,
  PruneVolumesInput,
  RemoveVolumeInput,
  UpdateVolumeInput,
} from './volume.inputs.js';
import { VolumeConnection, VolumeDetails, VolumePruneResult } from './volume.model.js';
import { VolumesService } from './volumes.service.js';

@Resolver(() => VolumeDetails)
export class VolumesResolver {
  constructor(
    private readonly volumes: VolumesService,
    private readonly clones: VolumeCloneService,
    private readonly files: VolumeFilesService,
    private readonly watching: VolumeWatchService,
  ) {}

  @Query(() => VolumeConnection, {
    name: 'volumes',
    description: 'The volumes of an engine, newest first.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, first, after, fresh }: VolumesArgs,
  ) {
    return (await this.volumes.list(actor, engine, filter, { limit: first, after, fresh })).asConnection();
  }

  @Query(() => VolumeDetails, { name: 'volume', description: 'A volume.' })
  get(
    @CurrentActor() actor: Actor,
    @Args() path: VolumePath,
    @Args() query: FreshQuery,
  ): Promise<VolumeDetails> {
    return this.volumes.get(actor, path, query);
  }

  @Query(() => VolumeFolder, { name: 'volumeFiles', description: 'What is in a folder of a volume.' })
  listFiles(
    @CurrentActor() actor: Actor,
    @Args() path: VolumePath,
    @Args() query: VolumeFolderQuery,
    @GraphqlSignal() signal: AbortSignal,
  ): Promise<VolumeFolder> {
    return this.files.list(actor, path, query, signal);
  }

  @Query(() => VolumeFile, { name: 'volumeFile', description: 'A file or folder of a volume.' })
  stat(
    @CurrentActor() actor: Actor,
    @Args() path: VolumePath,
    @Args() query: VolumeFileQuery,
  ): Promise<VolumeFile> {
    return this.files.stat(actor, path, query);
  }

  @Mutation(() => VolumeDetails, { name: 'createVolume', description: 'Creates a volume.' })
  create(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args('input') input: CreateVolumeInput,
    @Args() query: DryRunQuery,
  ): Promise<VolumeDetails> {
    return this.volumes.create(actor, engine, input, query);
  }

  @Mutation(() => VolumeDetails, { name: 'updateVolume', description: 'Changes a cluster volume.' })
  update(
    @CurrentActor() actor: Actor,
    @Args() path: VolumePath,
    @Args('input') input: UpdateVolumeInput,
  ): Promise<VolumeDetails> {
    return this.volumes.update(actor, path, input);
  }

  @Mutation(() => Boolean, {
    name: 'removeVolume',
    description: 'Removes a volume with all that is in it. Answers true.',
  })
  async remove(
    @CurrentActor() actor: Actor,
    @Args() path: VolumePath,
    @Args('input', { nullable: true }) input?: RemoveVolumeInput,
  ): Promise<boolean> {
    await this.volumes.remove(actor, path, input ?? {});
    return true;
  }

  @Mutation(() => VolumePruneResult, {
    name: 'pruneVolumes',
    description: 'Removes volumes that no container has, as far as you may.',
  })
  prune(
    @CurrentActor() actor: Actor,
    @Args() { engine }: EnginePath,
    @Args() query: DryRunQuery,
    @Args('input', { nullable: true }) input?: PruneVolumesInput,
  ): Promise<VolumePruneResult> {
    return this.volumes.prune(actor, engine, input ?? {}, query);
  }

  @Mutation(() => Job, { name: 'cloneVolume', description: 'Copies a volume into a new one, as a job.' })
  clone(
    @CurrentActor() actor: Actor,
    @Args() path: VolumePath,
    @Args('input') input: CloneVolumeInput,
  ): Promise<Job> {
    return this.clones.clone(actor, path, input);
  }

  @Subscription(() => VolumeChange, {
    description:
      'What changes among the volumes of an engine: first `reset`, each volume as `added` and `synced`, then each change.',
    resolve: (change: VolumeChange) => change,
  })
  volumeChanged(
    @CurrentActor() actor: Actor,
    @Args() { engine, filter = {}, after }: VolumeChangedArgs,
    @GraphqlSignal() signal: AbortSignal,
  ) {
    return openAbortable(
      async (left) => eachOf(await this.watching.watch(actor, engine, filter, after, left)),
      signal,
    );
  }
}
