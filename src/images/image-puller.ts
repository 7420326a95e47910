import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { parseImageReference, repositoryOf } from '../common/image-reference.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import type { ProgressUpdate } from '../jobs/jobs.service.js';
import {
  type CredentialChoice,
  RegistryCredentialsService,
} from '../registries/registry-credentials.service.js';
import { progressOf } from './engine-progress.js';
import type { ProgressMessage } from './image-documents.js';
import { LayerProgress } from './layer-progress.js';

/** What to fetch, and with which credentials. */
export interface WantedImage extends CredentialChoice {
  readonly image: string;
  readonly platform?: string | undefined;
}

/** What a pull or a push moved. */
export interface MovedImage {
  readonly image: string;
  /** As the registry has it; null where the engine did not tell. */
  readonly digest: string | null;
}

/** Fetches images from registries: for whoever asks for one, and for containers that are to be run. */
@Injectable()
export class ImagePuller {
  constructor(
    private readonly gate: Gate,
    private readonly credentials: RegistryCredentialsService,
  ) {}

  /**
   * Refuses at once what `pull` would be refused for.
   *
   * @throws DomainError as the gate, and for credentials that cannot be used
   */
  async check(actor: Actor, engine: string, wanted: WantedImage): Promise<void> {
    await this.gate.as(actor).engine(engine).rehearse('ImageCreate', pullOf(wanted));
    await this.credentials.authHeaderFor(actor, wanted.image, wanted);
  }

  /**
   * @param tell hears how far it is
   * @throws DomainError `not_found` where the registry has no such image
   */
  async pull(
    actor: Actor,
    engine: string,
    wanted: WantedImage,
    signal: AbortSignal,
    tell: (update: ProgressUpdate) => void = () => undefined,
  ): Promise<MovedImage> {
    const auth = await this.credentials.authHeaderFor(actor, wanted.image, wanted);
    const messages = await this.gate
      .as(actor)
      .engine(engine)
      .messages<ProgressMessage>('ImageCreate', { ...pullOf(wanted), headers: registryAuth(auth), signal });
    const layers = new LayerProgress();
    let digest: string | null = null;
    for await (const message of progressOf(messages, 'The image could not be pulled')) {
      digest = /^Digest: (\S+)$/.exec(message.status ?? '')?.[1] ?? digest;
      const update = layers.update(message);
      if (update) tell(update);
    }
    return { image: wanted.image, digest };
  }
}

/** The header in which an engine is given credentials of one registry. */
export function registryAuth(auth: string | undefined): Record<string, string> {
  return auth === undefined ? {} : { 'X-Registry-Auth': auth };
}

/** Without a tag the engine would pull every tag of the repository; users mean `latest`. */
function pullOf({ image, platform }: WantedImage): EngineRequest {
  const reference = parseImageReference(image);
  const { tag = 'latest', digest } = reference;
  // Whole, so that the engine goes to no other registry than the one that the credentials are for.
  return { query: { fromImage: repositoryOf(reference), tag: digest ?? tag, platform } };
}
