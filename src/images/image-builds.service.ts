import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { isOlder } from '../containers/engine-options.js';
import { toRfc3339 } from '../containers/engine-time.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { Job } from '../jobs/job.model.js';
import { JobsService } from '../jobs/jobs.service.js';
import { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import { BuildOutput } from './build-output.js';
import { dockerfileContext } from './dockerfile-context.js';
import { progressOf } from './engine-progress.js';
import type { BuildContextQuery, BuildImageInput } from './image-build.inputs.js';
import type { ProgressMessage } from './image-documents.js';
import type { PrunedBuildCache } from './image-results.model.js';
import type { PruneBuildCacheInput } from './image.inputs.js';

/** Builds images by the engine's own builder, whose steps the policy can look at, and clears its cache. */
@Injectable()
export class ImageBuildsService {
  constructor(
    private readonly gate: Gate,
    private readonly jobs: JobsService,
    private readonly credentials: RegistryCredentialsService,
  ) {}

  /** Of a Dockerfile alone. */
  build(actor: Actor, engine: string, input: BuildImageInput): Promise<Job> {
    const { dockerfile, tags, buildArgs, labels, extraHosts, ...rest } = input;
    const query = buildQuery({ ...rest, tags, buildArgs, labels, extraHosts });
    return this.start(actor, engine, { tags, query }, () => dockerfileContext(dockerfile));
  }

  /** @param context a tar archive with the Dockerfile, read once the job has its turn; undefined with `remote` */
  buildContext(
    actor: Actor,
    engine: string,
    input: BuildContextQuery,
    context: Readable | undefined,
  ): Promise<Job> {
    const { dockerfile, remote, tag, buildArg, label, extraHost, ...rest } = input;
    const query = {
      ...buildQuery({
        ...rest,
        tags: tag,
        buildArgs: pairsOf(buildArg),
        labels: pairsOf(label),
        extraHosts: extraHost,
      }),
      dockerfile,
      remote,
    };
    return this.start(actor, engine, { tags: tag, query }, () => context);
  }

  /** Removes cached steps of builds, which nobody owns. */
  async pruneCache(
    actor: Actor,
    engine: string,
    { all, keepBytes, until }: PruneBuildCacheInput,
  ): Promise<PrunedBuildCache> {
    const handle = this.gate.as(actor).engine(engine);
    const version = await handle.apiVersion('BuildPrune');
    const keep = isOlder(version, '1.48') ? 'keep-storage' : 'reserved-space';
    const filters = until === undefined ? {} : { until: [`${String(secondsSince(until))}s`] };
    const { body } = await handle.json<{ CachesDeleted?: string[] | null; SpaceReclaimed?: number }>(
      'BuildPrune',
      { query: { all, [keep]: keepBytes, filters }, timeoutMs: 0 },
    );
    return { deletedIds: body.CachesDeleted ?? [], spaceReclaimed: body.SpaceReclaimed ?? 0 };
  }

  private async start(
    actor: Actor,
    engine: string,
    {
      tags = [],
      query,
    }: { tags?: readonly string[] | undefined; query: NonNullable<EngineRequest['query']> },
    context: () => Readable | undefined,
  ): Promise<Job> {
    await this.gate.as(actor).engine(engine).rehearse('ImageBuild', { query });
    return this.jobs.start(
      actor,
      { kind: 'imageBuild', engine, target: { kind: 'image', name: tags[0] } },
      async (job) => {
        const auth = await this.credentials.authConfigFor(job.actor);
        const upload = context();
        const messages = await this.gate
          .as(job.actor)
          .engine(engine)
          .messages<ProgressMessage>('ImageBuild', {
            query,
            ...(upload ? { upload } : {}),
            headers: auth === undefined ? {} : { 'X-Registry-Config': auth },
            signal: job.signal,
          });
        const output = new BuildOutput(job);
        try {
          for await (const message of progressOf(messages, 'The build failed')) output.add(message);
        } finally {
          output.end();
        }
        if (output.imageId === null)
          throw new DomainError('engine_error', 'The engine ended the build without an image');
        return { imageId: output.imageId, tags };
      },
    );
  }
}

interface BuildOptions extends Omit<
  BuildImageInput,
  'dockerfile' | 'buildArgs' | 'labels' | 'tags' | 'extraHosts'
> {
  readonly tags?: string[] | undefined;
  readonly buildArgs?: Record<string, string> | undefined;
  readonly labels?: Record<string, string> | undefined;
  readonly extraHosts?: string[] | undefined;
}

/** The query of ImageBuild. Containers of steps that failed are left by nobody. */
function buildQuery(options: BuildOptions): NonNullable<EngineRequest['query']> {
  const { tags, buildArgs, labels, target, platform, networkMode, noCache, pull, extraHosts, cacheFrom } =
    options;
  return {
    t: tags,
    buildargs: buildArgs,
    labels,
    target,
    platform,
    networkmode: networkMode,
    nocache: noCache,
    pull,
    extrahosts: extraHosts,
    cachefrom: cacheFrom && JSON.stringify(cacheFrom),
    rm: true,
    forcerm: true,
    version: '1',
  };
}

/** `NAME=value` texts as an object. */
function pairsOf(texts: readonly string[] | undefined): Record<string, string> | undefined {
  return (
    texts &&
    Object.fromEntries(
      texts.map((text) => {
        const at = text.indexOf('=');
        return [text.slice(0, at), text.slice(at + 1)];
      }),
    )
  );
}

function secondsSince(until: string): number {
  return Math.max(0, Math.round((Date.now() - Date.parse(toRfc3339('until', until))) / 1_000));
}
