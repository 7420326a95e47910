import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { notFound } from '../common/errors.js';
import { type FreshQuery, toFreshness } from '../common/freshness.js';
import { parseImageReference, repositoryOf } from '../common/image-reference.js';
import type { PageQuery } from '../common/pagination.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { listedFilter, ObjectPages } from '../http/object-pages.js';
import { type ImageRecord, IMAGES } from './image-catalog.js';
import type { HistoryLayer, ImageRemoveInfo, ImageSearchInfo } from './image-documents.js';
import { type FilterContext, imageMatcher } from './image-filter.js';
import type { ImageFilter } from './image-list.inputs.js';
import type { ImagePath } from './image-paths.js';
import { findImage } from './image-records.js';
import type { ImageHistoryStep, ImageSearchResult, RemovedImage } from './image-results.model.js';
import { usedImages, usersOf } from './image-users.js';
import type { RemoveImageInput, SearchImagesQuery, TagImageInput } from './image.inputs.js';
import { toHistoryStep, toImageDetails, toRemoved, toSearchResult } from './image.mapper.js';
import type { Image, ImageDetails } from './image.model.js';

/** What images there are, what they are made of, and their names. Moving and building them is in the services beside this. */
@Injectable()
export class ImagesService {
  constructor(private readonly gate: Gate) {}

  /** A page of what the actor may see, newest first, from memory unless `fresh`. */
  async list(
    actor: Actor,
    engine: string,
    filter: ImageFilter,
    { fresh, ...query }: PageQuery & FreshQuery,
  ): Promise<ObjectPages<ImageRecord, Image>> {
    const handle = this.gate.as(actor).engine(engine);
    const view = await handle.objects('image', { fresh });
    // Which are used changes with the containers: their revision is a part of the question.
    const used = filter.used === undefined ? undefined : await usedImages(handle, fresh);
    const context: FilterContext = {
      used: used?.ids ?? new Set(),
      since: filter.since === undefined ? undefined : bound(view.records, filter.since),
      before: filter.before === undefined ? undefined : bound(view.records, filter.before),
    };
    const matcher = (wanted: ImageFilter) => imageMatcher(wanted, context);
    return new ObjectPages(
      { catalog: IMAGES, engine, view, filter: listedFilter(filter, matcher, used?.revision) },
      query,
    );
  }

  /** @throws DomainError `not_found` also for what the actor may not see */
  get(actor: Actor, { engine, id }: ImagePath, { fresh }: FreshQuery = {}): Promise<ImageDetails> {
    return inspect(this.gate.as(actor).engine(engine), id, fresh);
  }

  /** The image of a name after a change, for whoever may see it. */
  async find(actor: Actor, engine: string, name: string): Promise<ImageDetails | null> {
    const handle = this.gate.as(actor).engine(engine);
    if (!(await handle.mayEver('images:list')) || !(await handle.mayEver('images:get'))) return null;
    const { records } = await handle.objects('image');
    const found = findImage(records, name);
    return found ? inspect(handle, found.id) : null;
  }

  /** The steps that it was built by, the last first. */
  async history(actor: Actor, { engine, id }: ImagePath): Promise<ImageHistoryStep[]> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .json<HistoryLayer[] | null>('ImageHistory', { params: { name: id } });
    return (body ?? []).map(toHistoryStep);
  }

  async tag(actor: Actor, { engine, id }: ImagePath, { name }: TagImageInput): Promise<void> {
    const reference = parseImageReference(name);
    const { tag = 'latest' } = reference;
    await this.gate
      .as(actor)
      .engine(engine)
      .json('ImageTag', { params: { name: id }, query: { repo: repositoryOf(reference), tag } });
  }

  /** By a name, that name alone goes, and the image with its last one. By its id, the image goes with all its names. */
  async remove(
    actor: Actor,
    { engine, id }: ImagePath,
    { force, noPrune }: RemoveImageInput,
  ): Promise<RemovedImage> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .json<ImageRemoveInfo[] | null>('ImageDelete', {
        params: { name: id },
        query: { force, noprune: noPrune },
        timeoutMs: 0,
      });
    return toRemoved(body);
  }

  /** Looks in Docker Hub, or in the registry that the term begins with, by way of the engine. */
  async search(
    actor: Actor,
    engine: string,
    { term, limit = 25, official, stars }: SearchImagesQuery,
  ): Promise<ImageSearchResult[]> {
    const filters = {
      ...(official === undefined ? {} : { 'is-official': [String(official)] }),
      ...(stars === undefined ? {} : { stars: [String(stars)] }),
    };
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .json<ImageSearchInfo[] | null>('ImageSearch', { query: { term, limit, filters } });
    return (body ?? []).map(toSearchResult);
  }
}

async function inspect(handle: EngineHandle, id: string, fresh?: boolean): Promise<ImageDetails> {
  const { document, ...freshness } = await handle.object('image', id, { fresh });
  return toImageDetails(handle.name, document, await usersOf(handle, document.Id), toFreshness(freshness));
}

/** @throws DomainError `not_found` for an image that the actor may not see, too */
function bound(records: readonly ImageRecord[], reference: string): number {
  const found = findImage(records, reference);
  if (!found) throw notFound('image', reference);
  return found.createdAt;
}
