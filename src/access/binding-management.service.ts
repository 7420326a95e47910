import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery, inTransaction } from '../common/dry-run.js';
import { DomainError } from '../common/errors.js';
import type { Page } from '../common/pagination.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import { Gate } from '../gate/gate.js';
import { keepingAnAdmin } from '../identity/last-admin.js';
import { type CustomRole, CustomRolesService, isBuiltIn } from './custom-roles.service.js';
import {
  type CreateRoleBindingInput,
  type RoleBindingFilterInput,
  toScope,
  type UpdateRoleBindingInput,
} from './role-binding.inputs.js';
import type { RoleBinding as StoredRoleBinding } from './role-binding.js';
import { type RoleBinding, toRoleBinding } from './role-binding.model.js';
import { checkScope } from './role-binding-scope.js';
import { RoleBindingsService } from './role-bindings.service.js';
import { type KnownSubject, subjectKey, SubjectsService } from './subjects.service.js';

/** Role bindings for who may manage them. Nobody gives what he does not have, and an admin stays. */
@Injectable()
export class BindingManagementService {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly gate: Gate,
    private readonly bindings: RoleBindingsService,
    private readonly roles: CustomRolesService,
    private readonly subjects: SubjectsService,
  ) {}

  /**
   * Oldest first.
   * @throws DomainError `forbidden` without the permission `roleBindings:list`
   */
  async list(
    actor: Actor,
    filter: RoleBindingFilterInput,
    page: { limit?: number | undefined; after?: string | undefined },
  ): Promise<Page<RoleBinding>> {
    await this.gate.as(actor).require('roleBindings:list');
    const { role, subjectKind, subjectId } = filter;
    const { items, ...rest } = await this.bindings.list({ role, subjectKind, subjectId }, page);
    return { ...rest, items: await this.named(items) };
  }

  /** @throws DomainError `forbidden` without the permission `roleBindings:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<RoleBinding> {
    await this.gate.as(actor).require('roleBindings:get');
    return this.withName(await this.bindings.get(id));
  }

  /**
   * @throws DomainError `forbidden` without `roleBindings:create`, and for what the actor does not have itself;
   *   `invalid_input` for a role or a subject that there is not and a scope that can't be read
   */
  async create(actor: Actor, input: CreateRoleBindingInput, { dryRun }: DryRunQuery): Promise<RoleBinding> {
    const gate = this.gate.as(actor);
    await gate.require('roleBindings:create');
    const { role, level = 'baseline' } = input;
    const scope = toScope(input.scope);
    checkScope(scope);
    const custom = await this.roleToBind(role);
    const { kind, id, name } = await this.subjectToBind(input);
    const wanted = { role, subject: { kind, id }, scope, level };
    await gate.requireMayGrant(wanted);
    const target = { kind: 'roleBinding', name: `${role} for ${name}` };
    const made = await changeOrDryRun(gate, { dryRun, operation: 'roleBindings:create', target }, () =>
      inTransaction(this.db.transaction(), { dryRun: dryRun === true }, async (transaction) => {
        if (custom) await this.roles.bound(custom, transaction);
        return this.bindings.bind({ ...wanted, createdBy: actor.id }, transaction);
      }),
    );
    this.bindings.invalidate();
    return toRoleBinding(made, name);
  }

  /**
   * @throws DomainError `forbidden` without `roleBindings:update`, and for what the actor does not have itself;
   *   `conflict` where it would leave no admin; `not_found`; `invalid_input` for a scope that can't be read
   */
  async update(actor: Actor, id: string, input: UpdateRoleBindingInput): Promise<RoleBinding> {
    const gate = this.gate.as(actor);
    await gate.require('roleBindings:update');
    const known = await this.bindings.get(id);
    const scope = input.scope ? toScope(input.scope) : known.scope;
    checkScope(scope);
    const level = input.level ?? known.level;
    const custom = await this.roles.find(known.role);
    await gate.requireMayGrant({ ...known, scope, level }, 'roleBindings:update');
    const changed = await gate.change('roleBindings:update', await this.targetOf(known), () =>
      this.db.transaction().execute((transaction) =>
        keepingAnAdmin(transaction, async () => {
          if (custom) await this.roles.bound(custom, transaction);
          return this.bindings.change(id, { scope, level }, transaction);
        }),
      ),
    );
    this.bindings.invalidate();
    return this.withName(changed);
  }

  /** @throws DomainError `forbidden` without `roleBindings:delete`; `conflict` where it would leave no admin; `not_found` */
  async delete(actor: Actor, id: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('roleBindings:delete');
    const known = await this.bindings.get(id);
    await gate.change('roleBindings:delete', await this.targetOf(known), () =>
      this.db
        .transaction()
        .execute((transaction) => keepingAnAdmin(transaction, () => this.bindings.unbind(id, transaction))),
    );
    this.bindings.invalidate();
  }

  /** @returns undefined for a built-in role */
  private async roleToBind(name: string): Promise<CustomRole | undefined> {
    if (isBuiltIn(name)) return undefined;
    const role = await this.roles.find(name);
    if (!role) throw missing('role', `There is no role ${name}`);
    return role;
  }

  private async subjectToBind({ subject: { kind, id } }: CreateRoleBindingInput): Promise<KnownSubject> {
    const subject = await this.subjects.find({ kind, id });
    if (!subject) throw missing('subject.id', 'There is nobody with this kind and id');
    return subject;
  }

  private async targetOf(binding: StoredRoleBinding) {
    const subject = await this.subjects.find(binding.subject);
    return {
      kind: 'roleBinding',
      id: binding.id,
      name: `${binding.role} for ${subject?.name ?? binding.subject.id}`,
    };
  }

  private async withName(binding: StoredRoleBinding): Promise<RoleBinding> {
    return toRoleBinding(binding, (await this.subjects.find(binding.subject))?.name);
  }

  private async named(bindings: readonly StoredRoleBinding[]): Promise<RoleBinding[]> {
    const subjects = await this.subjects.findMany(bindings.map(({ subject }) => subject));
    return bindings.map((binding) => toRoleBinding(binding, subjects.get(subjectKey(binding.subject))?.name));
  }
}

function missing(field: string, message: string): DomainError {
  return new DomainError('invalid_input', message, {
    errors: [{ field, message: 'must be one that there is' }],
  });
}
