import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { CreateRoleInput, RolePath, UpdateRoleInput } from './role.inputs.js';
import { PermissionDescription, Role } from './role.model.js';
import { RolesService } from './roles.service.js';

@Resolver()
export class RolesResolver {
  constructor(private readonly access: RolesService) {}

  @Query(() => [Role], { description: 'The roles that there are, built-in ones first.' })
  roles(@CurrentActor() actor: Actor): Promise<readonly Role[]> {
    return this.access.roles(actor);
  }

  @Query(() => Role, { description: 'A role.' })
  role(@CurrentActor() actor: Actor, @Args() { name }: RolePath): Promise<Role> {
    return this.access.role(actor, name);
  }

  @Query(() => [PermissionDescription], { description: 'All permissions that there are.' })
  permissions(@CurrentActor() actor: Actor): Promise<readonly PermissionDescription[]> {
    return this.access.permissions(actor);
  }

  @Mutation(() => Role, {
    name: 'createRole',
    description: 'Makes a role. It may hold only permissions that you hold yourself, on everything.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateRoleInput,
    @Args() options: DryRunQuery,
  ): Promise<Role> {
    return this.access.create(actor, input, options);
  }

  @Mutation(() => Role, {
    name: 'updateRole',
    description: 'Changes a role, at once for all who have it.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { name }: RolePath,
    @Args('input') input: UpdateRoleInput,
  ): Promise<Role> {
    return this.access.update(actor, name, input);
  }

  @Mutation(() => Boolean, { name: 'deleteRole', description: 'Deletes a role that nobody has.' })
  async delete(@CurrentActor() actor: Actor, @Args() { name }: RolePath): Promise<boolean> {
    await this.access.delete(actor, name);
    return true;
  }
}
