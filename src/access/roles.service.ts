import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import { DomainError, notFound } from '../common/errors.js';
import { coversPermission } from '../gate/coverage.js';
import { Gate } from '../gate/gate.js';
import { type CustomRole, CustomRolesService, isBuiltIn } from './custom-roles.service.js';
import { toPermissionPatterns } from './permission-patterns.js';
import type { CreateRoleInput, UpdateRoleInput } from './role.inputs.js';
import {
  PERMISSION_DESCRIPTIONS,
  type PermissionDescription,
  type Role,
  ROLES,
  toRole,
} from './role.model.js';

/** The roles and permissions that there are, and roles of one's own. Nobody puts into a role what he does not have. */
@Injectable()
export class RolesService {
  constructor(
    private readonly gate: Gate,
    private readonly customRoles: CustomRolesService,
  ) {}

  /**
   * Built-in ones first.
   * @throws DomainError `forbidden` without the permission `roles:list`
   */
  async roles(actor: Actor): Promise<readonly Role[]> {
    await this.gate.as(actor).require('roles:list');
    const custom = [...(await this.customRoles.all()).values()];
    return [...ROLES, ...custom.map((role) => toRole(role.name, role, false))];
  }

  /** @throws DomainError `forbidden` without the permission `roles:get`; `not_found` */
  async role(actor: Actor, name: string): Promise<Role> {
    await this.gate.as(actor).require('roles:get');
    const role = ROLES.find((builtIn) => builtIn.name === name);
    return role ?? toRole(name, await this.custom(name), false);
  }

  /** @throws DomainError `forbidden` without the permission `roles:list` */
  async permissions(actor: Actor): Promise<readonly PermissionDescription[]> {
    await this.gate.as(actor).require('roles:list');
    return PERMISSION_DESCRIPTIONS;
  }

  /**
   * @throws DomainError `forbidden` without `roles:create`, and for permissions that the actor does not hold on
   *   everything; `invalid_input` for permissions that there are not; `conflict` for a name that is taken
   */
  async create(actor: Actor, input: CreateRoleInput, { dryRun }: DryRunQuery): Promise<Role> {
    const { name, description = '' } = input;
    const gate = this.gate.as(actor);
    await gate.require('roles:create');
    const permissions = toPermissionPatterns(input.permissions);
    await gate.requireMayAdd(name, permissions, 'roles:create');
    const change = { dryRun, operation: 'roles:create', target: { kind: 'role', name } } as const;
    const made = await changeOrDryRun(gate, change, () =>
      this.customRoles.create({ name, description, permissions }, { dryRun: dryRun === true }),
    );
    return toRole(name, made, false);
  }

  /**
   * @throws DomainError `forbidden` without `roles:update`, and for further permissions that the actor does not hold
   *   wherever the role is bound; `conflict` for a built-in role; `not_found`
   */
  async update(actor: Actor, name: string, input: UpdateRoleInput): Promise<Role> {
    const gate = this.gate.as(actor);
    await gate.require('roles:update');
    refuseBuiltIn(name);
    const known = await this.custom(name);
    const permissions = input.permissions && toPermissionPatterns(input.permissions);
    const added = (permissions ?? []).filter((pattern) => !coversPermission(known.permissions, pattern));
    await gate.requireMayAdd(name, added, 'roles:update');
    const changed = await gate.change('roles:update', { kind: 'role', name }, () =>
      this.customRoles.update(known, {
        ...(input.description === undefined ? {} : { description: input.description }),
        ...(permissions ? { permissions } : {}),
      }),
    );
    return toRole(name, changed, false);
  }

  /** @throws DomainError `forbidden` without `roles:delete`; `conflict` for one that is built in or bound; `not_found` */
  async delete(actor: Actor, name: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('roles:delete');
    refuseBuiltIn(name);
    await this.custom(name);
    await gate.change('roles:delete', { kind: 'role', name }, () => this.customRoles.delete(name));
  }

  private async custom(name: string): Promise<CustomRole> {
    const role = await this.customRoles.find(name);
    if (!role) throw notFound('role', name);
    return role;
  }
}

function refuseBuiltIn(name: string): void {
  if (!isBuiltIn(name)) return;
  throw new DomainError('conflict', `The role ${name} is built in and can not be changed`);
}
