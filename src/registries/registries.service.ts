import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import { type Page, paginate } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { checkEndpoint, registryAddress, type RegistryEndpoint } from './registry-endpoint.js';
import type { CreateRegistryInput, UpdateRegistryInput } from './registry.inputs.js';
import { type Registry, registrySortKey, toRegistry } from './registry.model.js';
import { type RegistryCredentials, RegistryStore, type StoredRegistry } from './registry-store.service.js';

/** Which registries there are, for who may see and change them. Passwords go in, and never out. */
@Injectable()
export class RegistriesService {
  constructor(
    private readonly gate: Gate,
    private readonly store: RegistryStore,
  ) {}

  /**
   * By name.
   * @throws DomainError `forbidden` without `registries:list`; `invalid_input` for a cursor that is none
   */
  async list(
    actor: Actor,
    page: { limit?: number | undefined; after?: string | undefined },
  ): Promise<Page<Registry>> {
    await this.gate.as(actor).require('registries:list');
    return paginate((await this.store.all()).map(toRegistry), registrySortKey, page);
  }

  /** @throws DomainError `forbidden` without `registries:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<Registry> {
    await this.gate.as(actor).require('registries:get');
    return toRegistry(await this.store.get(id));
  }

  /** @throws DomainError `forbidden` without `registries:create`; `invalid_input`; `conflict` */
  create(actor: Actor, input: CreateRegistryInput, { dryRun }: DryRunQuery): Promise<Registry> {
    const { name, isDefault } = input;
    const change = { dryRun, operation: 'registries:create', target: { kind: 'registry', name } } as const;
    return changeOrDryRun(this.gate.as(actor), change, async () => {
      const endpoint = endpointOf(input);
      const credentials = credentialsOf(input);
      const registry = { name, ...endpoint, credentials, isDefault };
      return toRegistry(await this.store.create(registry, { dryRun: dryRun ?? false }));
    });
  }

  /**
   * Stored credentials go only to where they were meant for: with another address, scheme or authority they are dropped.
   *
   * @throws DomainError `forbidden` without `registries:update`; `not_found`; `invalid_input`; `conflict`
   */
  async update(actor: Actor, id: string, input: UpdateRegistryInput): Promise<Registry> {
    const gate = this.gate.as(actor);
    await gate.require('registries:update');
    const known = await this.store.get(id);
    return gate.change('registries:update', { kind: 'registry', id, name: known.name }, async () => {
      const { name, isDefault } = input;
      const endpoint = endpointOf(input, known);
      const credentials = input.anonymous === true ? anonymous(input) : credentialsOf(input);
      return toRegistry(await this.store.update(known, { name, endpoint, credentials, isDefault }));
    });
  }

  /** @throws DomainError `forbidden` without `registries:delete`; `not_found` */
  async delete(actor: Actor, id: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('registries:delete');
    const { name } = await this.store.get(id);
    await gate.change('registries:delete', { kind: 'registry', id, name }, () => this.store.delete(id));
  }
}

function endpointOf(input: UpdateRegistryInput, known?: StoredRegistry): RegistryEndpoint {
  const endpoint = {
    address: input.address === undefined ? (known?.address ?? '') : registryAddress(input.address),
    insecure: input.insecure ?? known?.insecure ?? false,
    ca: input.ca === undefined ? (known?.ca ?? null) : input.ca === '' ? null : input.ca,
  };
  checkEndpoint(endpoint);
  return endpoint;
}

function credentialsOf({ username, password }: UpdateRegistryInput): RegistryCredentials | undefined {
  if (username === undefined && password === undefined) return undefined;
  if (username === undefined) throw invalid('username', 'must be given with a password');
  if (password === undefined) throw invalid('password', 'must be given with a user name');
  return { username, password };
}

function anonymous({ username, password }: UpdateRegistryInput): 'none' {
  if (username === undefined && password === undefined) return 'none';
  throw invalid('anonymous', 'must not be true where credentials are given');
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid_input', `${field} ${message}`, { errors: [{ field, message }] });
}
