import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Gate } from '../gate/gate.js';
import { PERMISSION_DESCRIPTIONS, type PermissionDescription, type Role, ROLES } from './role.model.js';

/** The roles and permissions that there are, for who may see them. */
@Injectable()
export class RolesService {
  constructor(private readonly gate: Gate) {}

  /** @throws DomainError `forbidden` without the permission `roles:list` */
  async roles(actor: Actor): Promise<readonly Role[]> {
    await this.gate.as(actor).require('roles:list');
    return ROLES;
  }

  /** @throws DomainError `forbidden` without the permission `roles:list` */
  async permissions(actor: Actor): Promise<readonly PermissionDescription[]> {
    await this.gate.as(actor).require('roles:list');
    return PERMISSION_DESCRIPTIONS;
  }
}
