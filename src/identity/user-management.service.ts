import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { changeSubject } from './subject-change.js';
import { toUserModel, toUserPage, type User } from './user.model.js';
import { type NewUser, type UserChanges, type UserFilter, UsersService } from './users.service.js';

/** Users, for who may see and change them. */
@Injectable()
export class UserManagement {
  constructor(
    private readonly gate: Gate,
    private readonly users: UsersService,
  ) {}

  /** @throws DomainError `forbidden` without `users:list` */
  async list(actor: Actor, filter: UserFilter, page: PageRequest): Promise<Page<User>> {
    await this.gate.as(actor).require('users:list');
    return toUserPage(await this.users.list(page, filter));
  }

  /** @throws DomainError `forbidden` without `users:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<User> {
    await this.gate.as(actor).require('users:get');
    return toUserModel(await this.users.get(id));
  }

  /** @throws DomainError `forbidden` without `users:create`; `invalid_input`; `conflict` */
  create(actor: Actor, input: NewUser, { dryRun }: DryRunQuery): Promise<User> {
    const target = { kind: 'user', name: input.username };
    return changeOrDryRun(this.gate.as(actor), { dryRun, operation: 'users:create', target }, async () =>
      toUserModel(await this.users.create(input, { dryRun: dryRun ?? false })),
    );
  }

  /** @throws DomainError `forbidden`; `not_found`; `invalid_input`; `conflict` for disabling the last admin */
  async update(actor: Actor, id: string, changes: UserChanges): Promise<User> {
    return this.change(actor, 'users:update', id, async () =>
      toUserModel(await this.users.update(id, changes)),
    );
  }

  /** @throws DomainError `forbidden`; `not_found`; `conflict` for the last admin */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.change(actor, 'users:delete', id, () => this.users.delete(id));
  }

  private async change<T>(
    actor: Actor,
    operation: 'users:update' | 'users:delete',
    id: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const gate = this.gate.as(actor);
    await gate.require(operation);
    const { username: name } = await this.users.get(id);
    return changeSubject(gate, { operation, subject: { kind: 'user', id }, name }, work);
  }
}
