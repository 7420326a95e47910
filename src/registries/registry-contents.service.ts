import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import { DEFAULT_PAGE_SIZE } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { OutgoingHttp } from '../outgoing/outgoing-http.js';
import { deleteTag } from './distribution/delete-tag.js';
import { fetchConfig, fetchManifest } from './distribution/manifests.js';
import { type RemotePage, repositoryNames, tagNames } from './distribution/registry-lists.js';
import { RegistrySession } from './distribution/registry-session.js';
import type {
  DeletedRegistryTag,
  RegistryManifest,
  RegistryRepository,
  RegistryTag,
} from './registry-contents.model.js';
import { toRegistryManifest } from './registry-manifest.mapper.js';
import type { RegistryTest } from './registry.model.js';
import { RegistryStore, type StoredRegistry } from './registry-store.service.js';
import { RegistryUse, repositoryName } from './registry-use.service.js';

interface PageRequest {
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** What is in a registry: asked of the registry itself, with the stored credentials, for who may use them. */
@Injectable()
export class RegistryContentsService {
  constructor(
    private readonly gate: Gate,
    private readonly use: RegistryUse,
    private readonly store: RegistryStore,
    private readonly http: OutgoingHttp,
  ) {}

  /**
   * Signs in to the registry. What the registry says, or that it does not answer, is the answer.
   * @throws DomainError `forbidden` without `registries:use`; `not_found`
   */
  async test(actor: Actor, id: string, signal: AbortSignal): Promise<RegistryTest> {
    await this.use.require(actor);
    const session = await this.session(await this.store.get(id), signal);
    try {
      const answer = await session.request({ path: '' });
      answer.discard();
      return { ok: true, authentication: session.authentication, errorCode: null, message: null };
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind === 'cancelled') throw error;
      const authentication = session.authentication === 'none' ? null : session.authentication;
      return { ok: false, authentication, errorCode: error.kind, message: error.message };
    }
  }

  /**
   * The repositories, in the registry's order; for who may use the registry for some of them, these.
   * @throws DomainError `forbidden`; `not_found`; `not_supported`; `unavailable`
   */
  async repositories(
    actor: Actor,
    id: string,
    { limit = DEFAULT_PAGE_SIZE, after }: PageRequest,
    signal: AbortSignal,
  ): Promise<RemotePage<RegistryRepository>> {
    const reach = await this.use.reach(actor);
    if (!reach.some) await this.use.require(actor);
    const registry = await this.store.get(id);
    const { items, nextCursor } = await repositoryNames(await this.session(registry, signal), {
      limit,
      after,
    });
    const repositories = items.map((name) => ({ name, reference: repositoryName(registry.address, name) }));
    if (reach.all) return { items: repositories, nextCursor };
    const covered = await Promise.all(repositories.map(({ reference }) => reach.covers(reference)));
    return { items: repositories.filter((_, index) => covered[index]), nextCursor };
  }

  /** @throws DomainError `forbidden`; `not_found`; `unavailable` */
  async tags(
    actor: Actor,
    id: string,
    repository: string,
    { limit = DEFAULT_PAGE_SIZE, after }: PageRequest,
    signal: AbortSignal,
  ): Promise<RemotePage<RegistryTag>> {
    const registry = await this.usable(actor, id, repository);
    const { items, nextCursor } = await tagNames(await this.session(registry, signal), repository, {
      limit,
      after,
    });
    const name = repositoryName(registry.address, repository);
    return { items: items.map((tag) => ({ name: tag, reference: `${name}:${tag}` })), nextCursor };
  }

  /** @throws DomainError `forbidden`; `not_found`; `unavailable` */
  async manifest(
    actor: Actor,
    id: string,
    { repository, reference }: { readonly repository: string; readonly reference: string },
    signal: AbortSignal,
  ): Promise<RegistryManifest> {
    const session = await this.session(await this.usable(actor, id, repository), signal);
    const manifest = await fetchManifest(session, repository, reference);
    const config = await fetchConfig(session, repository, manifest.document);
    return toRegistryManifest(repository, reference, manifest, config);
  }

  /**
   * @throws DomainError `forbidden` without `registries:deleteTags`; `not_found`; `not_supported` where the registry deletes
   *   nothing; `conflict` where other tags would go too
   */
  async deleteTag(
    actor: Actor,
    id: string,
    { repository, tag, withOtherTags = false }: TagToDelete,
    signal: AbortSignal,
  ): Promise<DeletedRegistryTag> {
    const gate = this.gate.as(actor);
    await gate.require('registries:deleteTags');
    const registry = await this.store.get(id);
    const target = { kind: 'registry', id, name: `${repositoryName(registry.address, repository)}:${tag}` };
    return gate.change('registries:deleteTags', target, async () =>
      deleteTag(await this.session(registry, signal), repository, tag, withOtherTags),
    );
  }

  /** The right is asked for first: who may not use a registry does not learn whether it exists. */
  private async usable(actor: Actor, id: string, repository: string): Promise<StoredRegistry> {
    if (!(await this.use.reach(actor)).some) await this.use.require(actor);
    const registry = await this.store.get(id);
    await this.use.requireFor(actor, registry.address, repository);
    return registry;
  }

  private async session(registry: StoredRegistry, signal: AbortSignal): Promise<RegistrySession> {
    const credentials = await this.store.credentials(registry.id);
    return new RegistrySession(this.http, { ...registry, credentials }, signal);
  }
}

interface TagToDelete {
  readonly repository: string;
  readonly tag: string;
  readonly withOtherTags?: boolean | undefined;
}
