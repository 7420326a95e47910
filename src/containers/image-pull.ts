import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { EngineHandle } from '../gate/engine-handle.js';

/** One message of the engine's progress while it pulls. */
interface PullMessage {
  error?: string;
}

/** Fetches an image for a container that is to be run. */
@Injectable()
export class ImagePull {
  /** @throws DomainError `not_found` where the registry has no such image */
  async pull(
    handle: EngineHandle,
    image: string,
    platform: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const messages = await handle.messages<PullMessage>('ImageCreate', {
      query: { ...split(image), platform },
      signal,
    });
    for await (const { error } of messages) {
      if (error === undefined) continue;
      const kind = /not found|does not exist|manifest unknown/i.test(error) ? 'not_found' : 'engine_error';
      throw new DomainError(kind, `The image could not be pulled: ${error}`);
    }
  }
}

/** Without a tag the engine would pull every tag of the repository; users mean `latest`. */
function split(image: string): { fromImage: string; tag?: string } {
  if (image.includes('@')) return { fromImage: image };
  const tagAt = image.lastIndexOf(':');
  const hasTag = tagAt > image.lastIndexOf('/');
  return hasTag
    ? { fromImage: image.slice(0, tagAt), tag: image.slice(tagAt + 1) }
    : { fromImage: image, tag: 'latest' };
}
