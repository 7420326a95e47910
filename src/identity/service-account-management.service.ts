import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import type { CreateServiceAccountInput, UpdateServiceAccountInput } from './service-account.inputs.js';
import { type ServiceAccount, toServiceAccountModel, toServiceAccountPage } from './service-account.model.js';
import { ServiceAccountsService } from './service-accounts.service.js';
import { changeSubject } from './subject-change.js';

/** Service accounts, for who may see and change them. */
@Injectable()
export class ServiceAccountManagement {
  constructor(
    private readonly gate: Gate,
    private readonly serviceAccounts: ServiceAccountsService,
  ) {}

  /** @throws DomainError `forbidden` without `serviceAccounts:list` */
  async list(actor: Actor, page: PageRequest): Promise<Page<ServiceAccount>> {
    await this.gate.as(actor).require('serviceAccounts:list');
    return toServiceAccountPage(await this.serviceAccounts.list(page));
  }

  /** @throws DomainError `forbidden` without `serviceAccounts:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<ServiceAccount> {
    await this.gate.as(actor).require('serviceAccounts:get');
    return toServiceAccountModel(await this.serviceAccounts.get(id));
  }

  /** @throws DomainError `forbidden` without `serviceAccounts:create`; `invalid_input`; `conflict` */
  create(
    actor: Actor,
    input: CreateServiceAccountInput,
    { dryRun = false }: DryRunQuery,
  ): Promise<ServiceAccount> {
    const target = { kind: 'serviceAccount', name: input.name };
    return changeOrDryRun(
      this.gate.as(actor),
      { dryRun, operation: 'serviceAccounts:create', target },
      async () => toServiceAccountModel(await this.serviceAccounts.create(input, { dryRun })),
    );
  }

  /** @throws DomainError `forbidden`; `not_found` */
  async update(actor: Actor, id: string, changes: UpdateServiceAccountInput): Promise<ServiceAccount> {
    return this.change(actor, 'serviceAccounts:update', id, async () =>
      toServiceAccountModel(await this.serviceAccounts.update(id, changes)),
    );
  }

  /** @throws DomainError `forbidden`; `not_found` */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.change(actor, 'serviceAccounts:delete', id, () => this.serviceAccounts.delete(id));
  }

  private async change<T>(
    actor: Actor,
    operation: 'serviceAccounts:update' | 'serviceAccounts:delete',
    id: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const gate = this.gate.as(actor);
    await gate.require(operation);
    const { name } = await this.serviceAccounts.get(id);
    return changeSubject(gate, { operation, subject: { kind: 'serviceAccount', id }, name }, work);
  }
}
