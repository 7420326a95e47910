import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { canonicalReference, parseImageReference, repositoryOf } from '../common/image-reference.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { Job } from '../jobs/job.model.js';
import { JobsService } from '../jobs/jobs.service.js';
import { RegistryCredentialsService } from '../registries/registry-credentials.service.js';
import { progressOf } from './engine-progress.js';
import type { ProgressMessage } from './image-documents.js';
import type { ImagePath } from './image-paths.js';
import { ImagePuller, type MovedImage, registryAuth } from './image-puller.js';
import type { ImportImageQuery, PullImageInput, PushImageInput, SaveImagesQuery } from './image.inputs.js';
import { LayerProgress } from './layer-progress.js';

/** Moves images: from and to registries, and as archives. What comes and goes passes through and is never held whole. */
@Injectable()
export class ImageTransfersService {
  constructor(
    private readonly gate: Gate,
    private readonly jobs: JobsService,
    private readonly puller: ImagePuller,
    private readonly credentials: RegistryCredentialsService,
  ) {}

  async pull(actor: Actor, engine: string, input: PullImageInput): Promise<Job> {
    requireWholeCredentials(input);
    await this.puller.check(actor, engine, input);
    return this.jobs.start(
      actor,
      { kind: 'imagePull', engine, target: { kind: 'image', name: input.image } },
      (job) => this.puller.pull(job.actor, engine, input, job.signal, (update) => job.progress(update)),
    );
  }

  async push(actor: Actor, { engine, id }: ImagePath, input: PushImageInput): Promise<Job> {
    requireWholeCredentials(input);
    const name = taggedName(id);
    const request = { params: { name } };
    await this.gate.as(actor).engine(engine).rehearse('ImagePush', request);
    await this.credentials.authHeaderFor(actor, name, input);
    return this.jobs.start<MovedImage>(
      actor,
      { kind: 'imagePush', engine, target: { kind: 'image', name: id } },
      async (job) => {
        const auth = await this.credentials.authHeaderFor(job.actor, name, input);
        // The engine refuses to push without the header, also where nobody has to sign in.
        const headers = registryAuth(auth ?? NO_CREDENTIALS);
        const messages = await this.gate
          .as(job.actor)
          .engine(engine)
          .messages<ProgressMessage>('ImagePush', { ...request, headers, signal: job.signal });
        const layers = new LayerProgress();
        let digest: string | null = null;
        for await (const message of progressOf(messages, 'The image could not be pushed')) {
          digest = message.aux?.Digest ?? digest;
          const update = layers.update(message);
          if (update) job.progress(update);
        }
        return { image: id, digest };
      },
    );
  }

  /** @param archive as `save` makes it, plain or compressed; read once the job has its turn */
  async load(actor: Actor, engine: string, archive: Readable): Promise<Job> {
    const request: EngineRequest = { query: { quiet: false } };
    await this.gate.as(actor).engine(engine).rehearse('ImageLoad', request);
    return this.jobs.start(actor, { kind: 'imageLoad', engine }, async (job) => {
      const messages = await this.gate
        .as(job.actor)
        .engine(engine)
        .messages<ProgressMessage>('ImageLoad', { ...request, upload: archive, signal: job.signal });
      const layers = new LayerProgress();
      const images: string[] = [];
      for await (const message of progressOf(messages, 'The images could not be loaded')) {
        const update = layers.update(message);
        if (update) job.progress(update);
        const [, loaded] = /^Loaded image(?: ID)?: (\S+)/.exec(message.stream ?? '') ?? [];
        if (loaded !== undefined) images.push(loaded);
      }
      return { images };
    });
  }

  /** @param archive the files of the new image, plain or compressed; read once the job has its turn */
  async import(actor: Actor, engine: string, query: ImportImageQuery, archive: Readable): Promise<Job> {
    const { name, message, change, platform } = query;
    const reference = name === undefined ? undefined : parseImageReference(name);
    const request: EngineRequest = {
      query: {
        fromSrc: '-',
        repo: reference && repositoryOf(reference),
        tag: reference && (reference.tag ?? 'latest'),
        message,
        changes: change,
        platform,
      },
    };
    await this.gate.as(actor).engine(engine).rehearse('ImageCreate', request);
    return this.jobs.start(
      actor,
      { kind: 'imageImport', engine, target: { kind: 'image', name } },
      async (job) => {
        const messages = await this.gate
          .as(job.actor)
          .engine(engine)
          .messages<ProgressMessage>('ImageCreate', { ...request, upload: archive, signal: job.signal });
        let imageId: string | null = null;
        for await (const { status } of progressOf(messages, 'The archive could not be imported')) {
          if (typeof status !== 'string') continue;
          job.progress({ message: status });
          if (/^sha256:[0-9a-f]{64}$/.test(status)) imageId = status;
        }
        return { image: name ?? null, imageId };
      },
    );
  }

  async save(actor: Actor, { engine, id }: ImagePath, signal: AbortSignal): Promise<Readable> {
    const request = { params: { name: id }, signal };
    return (await this.gate.as(actor).engine(engine).stream('ImageGet', request)).body;
  }

  async saveAll(
    actor: Actor,
    engine: string,
    { name }: SaveImagesQuery,
    signal: AbortSignal,
  ): Promise<Readable> {
    const request = { query: { names: name }, signal };
    return (await this.gate.as(actor).engine(engine).stream('ImageGetAll', request)).body;
  }
}

/** `{}`, as the engine wants it. */
const NO_CREDENTIALS = 'e30=';

/** @throws DomainError `invalid_input` for what a registry could not be pushed to: an id, or a name with a digest */
function taggedName(text: string): string {
  const { digest, tag = 'latest', ...repository } = parseImageReference(text);
  if (digest === undefined) return canonicalReference({ ...repository, tag });
  const message = 'must be a name with a tag';
  throw new DomainError('invalid_input', `id ${message}`, { errors: [{ field: 'id', message }] });
}

/** @throws DomainError `invalid_input` for a name without a password, or a password without a name */
function requireWholeCredentials({ username, password }: PushImageInput): void {
  if ((username === undefined) === (password === undefined)) return;
  const field = username === undefined ? 'username' : 'password';
  const message = 'is needed too';
  throw new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
