import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import {
  canonicalRegistry,
  DOCKER_HUB,
  parseImageReference,
  REGISTRY_HOST,
} from '../common/image-reference.js';
import { type RegistryCredentials, RegistryStore, type StoredRegistry } from './registry-store.service.js';
import { RegistryUse, repositoryName } from './registry-use.service.js';

/** What a caller wants to be used instead of the default of the host. */
export interface CredentialChoice {
  /** The id of a stored registry, of the same host. */
  readonly registry?: string | undefined;
  /** The caller's own; both, or neither. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** How Docker knows Docker Hub in stored credentials. */
const DOCKER_HUB_ACCOUNT = 'https://index.docker.io/v1/';

/**
 * Stored credentials in the form in which an engine takes them, for who may use them: for pull, push, build and services.
 * They go to an engine in a header, for the one host that they are for, and to nobody else.
 */
@Injectable()
export class RegistryCredentialsService {
  constructor(
    private readonly use: RegistryUse,
    private readonly store: RegistryStore,
  ) {}

  /**
   * The value for `X-Registry-Auth`. Undefined where nothing is stored for the host, or the actor may not use it: the engine
   * asks without credentials then, and public images need none.
   *
   * @param imageReferenceOrHost `team/app:v1`, `registry.example.com/app`; or a host, which has a dot or is `localhost`
   * @throws DomainError `invalid_input` for what is neither, and for a choice that is not of this host; `forbidden` and
   *   `not_found` for a registry that was chosen
   */
  async authHeaderFor(
    actor: Actor,
    imageReferenceOrHost: string,
    choice: CredentialChoice = {},
  ): Promise<string | undefined> {
    const { host, repository } = hostOf(imageReferenceOrHost);
    const { username, password } = choice;
    if (username !== undefined && password !== undefined) return header(host, { username, password });
    const registry =
      choice.registry === undefined
        ? await this.usable(actor, host, repository)
        : await this.chosen(actor, choice.registry, host, repository);
    const credentials = registry && (await this.store.credentials(registry.id));
    return credentials && header(host, credentials);
  }

  /**
   * The value for `X-Registry-Config`, with the credentials of every host that has some; for builds, which may need any.
   * Undefined where there are none, or the actor may not use whole registries.
   */
  async authConfigFor(actor: Actor): Promise<string | undefined> {
    if (!(await this.use.reach(actor)).all) return undefined;
    const hosts = [...new Set((await this.store.all()).map(({ address }) => address))];
    const entries = await Promise.all(
      hosts.map(async (host) => {
        const registry = await this.store.forHost(host);
        const credentials = registry && (await this.store.credentials(registry.id));
        return credentials ? ([accountOf(host), authConfig(host, credentials)] as const) : undefined;
      }),
    );
    const known = entries.filter((entry) => entry !== undefined);
    return known.length > 0 ? encodeCredentials(Object.fromEntries(known)) : undefined;
  }

  private async usable(
    actor: Actor,
    host: string,
    repository: string | undefined,
  ): Promise<StoredRegistry | undefined> {
    const { all, covers } = await this.use.reach(actor);
    const may = all || (repository !== undefined && (await covers(repositoryName(host, repository))));
    return may ? this.store.forHost(host) : undefined;
  }

  private async chosen(
    actor: Actor,
    id: string,
    host: string,
    repository: string | undefined,
  ): Promise<StoredRegistry> {
    if (repository === undefined) await this.use.require(actor);
    else await this.use.requireFor(actor, host, repository);
    const registry = await this.store.get(id);
    if (registry.address === host) return registry;
    const message = `is for ${registry.address}, and not for ${host}`;
    throw new DomainError('invalid_input', `The registry ${registry.name} ${message}`, {
      errors: [{ field: 'registry', message }],
    });
  }
}

/** A host without an image has no slash; what else it needs so as not to be the name of an image, images seldom have. */
function hostOf(text: string): { host: string; repository: string | undefined } {
  const isHost = !text.includes('/') && REGISTRY_HOST.test(text) && /^(localhost(:|$)|\[|[^:]*\.)/.test(text);
  if (isHost) return { host: canonicalRegistry(text), repository: undefined };
  const { domain, path } = parseImageReference(text);
  return { host: canonicalRegistry(domain), repository: path };
}

function accountOf(host: string): string {
  return host === DOCKER_HUB ? DOCKER_HUB_ACCOUNT : host;
}

function authConfig(host: string, { username, password }: RegistryCredentials) {
  return { username, password, serveraddress: accountOf(host) };
}

function header(host: string, credentials: RegistryCredentials): string {
  return encodeCredentials(authConfig(host, credentials));
}

/** Base64 for URLs by RFC 4648, section 5. With its padding, without which engines read nothing. */
export function encodeCredentials(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
