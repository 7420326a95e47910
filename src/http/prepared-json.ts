import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** JSON that was written before: sent as it is. */
export class PreparedJson {
  /**
   * @param etag an entity tag (RFC 9110, section 8.8.3) that changes with what the client is to take for a change. It has to
   *   be of what this client may see
   */
  constructor(
    readonly body: Buffer,
    readonly etag: string,
  ) {}
}

/** A page, or anything else, that can write itself. */
interface Writable {
  asJson(): PreparedJson;
}

/** Answers with JSON that was written before. What `answer` fails with is an ordinary problem document. */
export async function sendPrepared(reply: FastifyReply, answer: Promise<Writable>): Promise<void> {
  const prepared = (await answer).asJson();
  void reply.type('application/json').send(prepared);
}

/** A weak entity tag of a text. */
export function entityTag(text: string | Buffer): string {
  return `W/"${createHash('sha1').update(text).digest('base64url')}"`;
}

/**
 * Gives every JSON answer to a GET an entity tag, and answers `304` to who has it already (RFC 9110, section 13). The tag
 * is made of the answer itself, so that two actors have the same only where they may see the same.
 */
export function registerConditionalRequests(fastify: FastifyInstance): void {
  fastify.addHook('preSerialization', (_request, reply, payload, done) => {
    if (payload instanceof PreparedJson) {
      void reply.header('etag', payload.etag).serializer(() => payload.body as unknown as string);
    }
    done(null, payload);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const json = String(reply.getHeader('content-type') ?? '').startsWith('application/json');
    const whole = typeof payload === 'string' || Buffer.isBuffer(payload);
    if (request.method !== 'GET' || reply.statusCode !== 200 || !whole || !json) {
      done(null, payload);
      return;
    }
    const known = reply.getHeader('etag');
    const etag = typeof known === 'string' ? known : entityTag(payload);
    // Kept by the client only, and never used without asking us.
    void reply
      .header('etag', etag)
      .header('cache-control', 'private, no-cache')
      .header('vary', 'authorization');
    if (!isKnown(request.headers['if-none-match'], etag)) {
      done(null, payload);
      return;
    }
    void reply.code(304).removeHeader('content-type').removeHeader('content-length');
    done(null, null);
  });
}

/** `If-None-Match`: `*`, or a list of tags that are compared weakly. */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag.replace(/^W\//, ''));
}
