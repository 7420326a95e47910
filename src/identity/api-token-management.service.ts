import { Injectable } from '@nestjs/common';
import { SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import { DomainError, notFound } from '../common/errors.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import type { TokenOwner } from './api-token.js';
import { type CreateApiTokenInput, toNewApiToken } from './api-token.inputs.js';
import {
  type ApiToken,
  type CreatedApiToken,
  toApiToken,
  toApiTokenPage,
  toCreatedApiToken,
} from './api-token.model.js';
import { ApiTokensService } from './api-tokens.service.js';
import { ServiceAccountsService } from './service-accounts.service.js';
import { requireOver } from './subject-change.js';

/** API tokens: one's own without any permission, and others' for who may see and change those. */
@Injectable()
export class ApiTokenManagement {
  constructor(
    private readonly gate: Gate,
    private readonly tokens: ApiTokensService,
    private readonly subjects: SubjectsService,
    private readonly serviceAccounts: ServiceAccountsService,
  ) {}

  /**
   * @param ownerId undefined for the actor's own
   * @throws DomainError `forbidden` without `tokens:list` for another owner's; `not_found` for an owner that is not there
   */
  async list(actor: Actor, ownerId: string | undefined, page: PageRequest): Promise<Page<ApiToken>> {
    if (ownerId === undefined || ownerId === actor.id)
      return toApiTokenPage(await this.tokens.list(actor, page));
    await this.gate.as(actor).require('tokens:list');
    return toApiTokenPage(await this.tokens.listOf(await this.owner(ownerId), page));
  }

  /** @throws DomainError `not_found` for one that is not there, and for another owner's without `tokens:get` */
  async get(actor: Actor, id: string): Promise<ApiToken> {
    const token = await this.tokens.find(id);
    if (!token || !(await this.tokens.isWithinReach(actor, token)))
      await hidden(this.gate.as(actor).require('tokens:get'), id);
    if (!token) throw notFound('API token', id);
    return toApiToken(token);
  }

  /** @throws DomainError as `ApiTokensService.create` */
  async create(
    actor: Actor,
    input: CreateApiTokenInput,
    { dryRun = false }: DryRunQuery,
  ): Promise<CreatedApiToken> {
    return toCreatedApiToken(await this.tokens.create(actor, toNewApiToken(input), { dryRun }), dryRun);
  }

  /**
   * @throws DomainError `forbidden` without `tokens:create`, or for a service account that may do more than the actor;
   *   `not_found`; otherwise as `ApiTokensService.create`
   */
  async createForServiceAccount(
    actor: Actor,
    id: string,
    input: CreateApiTokenInput,
    { dryRun = false }: DryRunQuery,
  ): Promise<CreatedApiToken> {
    const gate = this.gate.as(actor);
    await gate.require('tokens:create');
    const { name } = await this.serviceAccounts.get(id);
    const owner = { kind: 'serviceAccount', id } as const;
    await requireOver(gate, 'tokens:create', owner);
    await this.tokens.requireNarrow(actor, toNewApiToken(input), 'tokens:create');
    const target = { kind: 'apiToken', name: `${name}: ${input.name}` };
    return changeOrDryRun(gate, { dryRun, operation: 'tokens:create', target }, async () =>
      toCreatedApiToken(await this.tokens.createFor(actor, owner, toNewApiToken(input), { dryRun }), dryRun),
    );
  }

  /** @throws DomainError `forbidden` without `tokens:list`; `not_found` */
  async listOfServiceAccount(actor: Actor, id: string, page: PageRequest): Promise<Page<ApiToken>> {
    await this.gate.as(actor).require('tokens:list');
    await this.serviceAccounts.get(id);
    return toApiTokenPage(await this.tokens.listOf({ kind: 'serviceAccount', id }, page));
  }

  /**
   * @param owner whose token it has to be; undefined for anybody's
   * @throws DomainError `not_found` for one that is not there, and for one that is not within reach: another owner's
   *   without `tokens:delete`
   */
  async revoke(actor: Actor, id: string, owner?: TokenOwner): Promise<void> {
    const token = await this.tokens.find(id);
    const named = token && (!owner || (owner.kind === token.owner.kind && owner.id === token.owner.id));
    if (named && (await this.tokens.isWithinReach(actor, token))) {
      return this.tokens.revoke(actor, id);
    }
    const gate = this.gate.as(actor);
    await hidden(gate.require('tokens:delete'), id);
    if (!named) throw notFound('API token', id);
    const target = { kind: 'apiToken', id, name: token.name };
    return gate.change('tokens:delete', target, () => this.tokens.delete(id));
  }

  private async owner(id: string): Promise<TokenOwner> {
    for (const kind of ['user', 'serviceAccount'] as const) {
      if (await this.subjects.find({ kind, id })) return { kind, id };
    }
    throw notFound('user or service account', id);
  }
}

/** Who may not see a token is told the same whether it is there or not. */
async function hidden(check: Promise<void>, id: string): Promise<void> {
  try {
    await check;
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'forbidden') throw notFound('API token', id);
    throw error;
  }
}
