import { ObjectType } from '@nestjs/graphql';
import { OutBoolean, OutText } from '../common/output-fields.js';
import { PageOf } from '../common/pagination.js';
import { PERMISSIONS } from '../common/permissions.js';
import { BUILT_IN_ROLES, type RoleDefinition } from '../common/roles.js';

@ObjectType({ description: 'A named set of permissions.' })
export class Role {
  @OutText('Its name.')
  name!: string;

  @OutText('What its holder may do, in a sentence.')
  description!: string;

  @OutText('Its permissions; `*` stands for either side.', { list: true })
  permissions!: string[];

  @OutBoolean('Whether it is built in and can not be changed.')
  builtIn!: boolean;
}

@ObjectType({ description: 'One thing that a role can allow.' })
export class PermissionDescription {
  @OutText('Its name: `resource:verb`.')
  name!: string;

  @OutText('What it lets its holder do.')
  description!: string;
}

export class RolePage extends PageOf(Role) {}

export class PermissionPage extends PageOf(PermissionDescription) {}

export const ROLES: readonly Role[] = Object.entries(BUILT_IN_ROLES).map(([name, role]) =>
  toRole(name, role, true),
);

export const PERMISSION_DESCRIPTIONS: readonly PermissionDescription[] = Object.entries(PERMISSIONS).map(
  ([name, description]) => ({ name, description }),
);

export function toRole(name: string, { description, permissions }: RoleDefinition, builtIn: boolean): Role {
  return { name, description, permissions: [...permissions], builtIn };
}
