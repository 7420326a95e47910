import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { toConnection } from '../common/pagination.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import { BindingManagementService } from './binding-management.service.js';
import {
  CreateRoleBindingInput,
  RoleBindingPath,
  RoleBindingsArgs,
  UpdateRoleBindingInput,
} from './role-binding.inputs.js';
import { RoleBinding, RoleBindingConnection, roleBindingSortKey } from './role-binding.model.js';

@Resolver()
export class RoleBindingsResolver {
  constructor(private readonly bindings: BindingManagementService) {}

  @Query(() => RoleBindingConnection, { name: 'roleBindings', description: 'Role bindings, oldest first.' })
  async list(@CurrentActor() actor: Actor, @Args() { filter = {}, first, after }: RoleBindingsArgs) {
    return toConnection(await this.bindings.list(actor, filter, { limit: first, after }), roleBindingSortKey);
  }

  @Query(() => RoleBinding, { name: 'roleBinding', description: 'A role binding.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: RoleBindingPath): Promise<RoleBinding> {
    return this.bindings.get(actor, id);
  }

  @Mutation(() => RoleBinding, {
    name: 'createRoleBinding',
    description: 'Gives a role to somebody; only what you have yourself.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateRoleBindingInput,
    @Args() options: DryRunQuery,
  ): Promise<RoleBinding> {
    return this.bindings.create(actor, input, options);
  }

  @Mutation(() => RoleBinding, {
    name: 'updateRoleBinding',
    description: 'Changes the scope or security level of a role binding.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: RoleBindingPath,
    @Args('input') input: UpdateRoleBindingInput,
  ): Promise<RoleBinding> {
    return this.bindings.update(actor, id, input);
  }

  @Mutation(() => Boolean, { name: 'deleteRoleBinding', description: 'Takes a role from somebody.' })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: RoleBindingPath): Promise<boolean> {
    await this.bindings.delete(actor, id);
    return true;
  }
}
