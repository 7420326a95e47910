import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { EngineConnection, EngineRequest } from '../engine/engine-connection.js';
import { type Operation, operation as operationOf } from '../engine/operations/index.js';
import { orNone } from '../state/listed.js';
import { State } from '../state/state.js';
import type { Admission } from './admission.js';
import { Authoriser } from './authoriser.js';
import { hasTag, isImageId, repositoryOf } from './image-names.js';
import { SHOWN } from './shown-objects.js';
import { SAVING, type Target } from './targets.js';

/**
 * Images that are saved. The engine writes into the archive by which names it was asked for them, so names are what it is sent,
 * though it is ids that are decided on.
 */
@Injectable()
export class SavedImages {
  constructor(
    private readonly state: State,
    private readonly authoriser: Authoriser,
  ) {}

  /**
   * Every name that a call means. To the engine, one without a tag means all of its repository, and so it does here: all that
   * the actor may see. Of other operations, what they name.
   */
  async inFull(
    { actor, engine, rights, operation }: Pick<Admission, 'actor' | 'engine' | 'rights' | 'operation'>,
    references: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly string[]> {
    if (!SAVING.has(operation.id)) return references;
    const meansOne = (reference: string) => hasTag(reference) || isImageId(reference);
    const wanted = new Set(references);
    if (wanted.size > MOST_NAMES) throw tooMany();
    const repositories = new Map<string, string[]>(
      [...wanted]
        .filter((reference) => !meansOne(reference))
        .map((reference) => [repositoryOf(reference), []]),
    );
    if (repositories.size === 0) return [...wanted];
    const { records } = await this.state.of(engine, 'image').snapshot(signal);
    for (const { id, labels, kept } of records) {
      for (const name of kept.RepoTags) {
        const repository = repositoryOf(name);
        const tags = repositories.get(repository);
        if (!tags) continue;
        const object = this.authoriser.existing(actor, engine, 'image', id, labels, [repository]);
        if (await rights.may(SHOWN.image.get, object)) tags.push(name);
      }
    }
    const names = [...wanted].flatMap((reference) => {
      const tags = meansOne(reference) ? [] : (repositories.get(repositoryOf(reference)) ?? []);
      return tags.length > 0 ? tags : [reference];
    });
    return [...new Set(names)];
  }

  /**
   * Holds an archive back until every name in it is seen to mean what was decided on: somebody may have moved one before the
   * engine looked it up, which it has done when its first byte comes.
   *
   * @throws DomainError `conflict` where one means another image now; then nothing was passed on
   */
  async requireSame(admission: Admission, body: Readable): Promise<void> {
    const { operation, rights, connection, target, several = target ? [target] : [] } = admission;
    if (!SAVING.has(operation.id) || rights.mayAlways(operation.permission)) return;
    const named = several.filter(({ id, sendAs = id }) => sendAs !== id);
    try {
      await once(body, 'readable');
      for (const each of named) await requireMeans(connection, each, admission.request.signal);
    } catch (error) {
      body.destroy();
      throw error;
    }
  }
}

/** That one call may name. Each is looked up and decided on. */
const MOST_NAMES = 100;

function tooMany(): DomainError {
  const message = `must name at most ${MOST_NAMES} images`;
  return new DomainError('invalid_input', `names ${message}`, { errors: [{ field: 'names', message }] });
}

/** One operation saves one image, another one several. */
export function savingAll(
  { params: _, query, ...request }: EngineRequest,
  images: readonly Target[],
): { readonly operation: Operation; readonly request: EngineRequest } {
  const names = images.map(({ id, sendAs = id }) => sendAs);
  return { operation: operationOf('ImageGetAll'), request: { ...request, query: { ...query, names } } };
}

async function requireMeans(
  connection: EngineConnection,
  { id, sendAs = id }: Target,
  signal: AbortSignal | undefined,
): Promise<void> {
  const request = { params: { name: sendAs }, ...(signal ? { signal } : {}) };
  const still = await orNone(connection.json<{ readonly Id: string }>('ImageInspect', request));
  if (still?.Id !== id)
    throw new DomainError('conflict', `The name ${sendAs} was taken from its image meanwhile`);
}
