import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { toConnection } from '../common/pagination.js';
import { CurrentActor } from './authentication.guard.js';
import { CreateUserInput, UpdateUserInput, UserPath, UsersArgs } from './user.inputs.js';
import { User, UserConnection, userSortKey } from './user.model.js';
import { UserManagement } from './user-management.service.js';

@Resolver()
export class UsersResolver {
  constructor(private readonly users: UserManagement) {}

  @Query(() => UserConnection, { name: 'users', description: 'The users, by username.' })
  async list(@CurrentActor() actor: Actor, @Args() { filter = {}, first, after }: UsersArgs) {
    return toConnection(await this.users.list(actor, filter, { limit: first, after }), userSortKey);
  }

  @Query(() => User, { name: 'user', description: 'One user.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: UserPath): Promise<User> {
    return this.users.get(actor, id);
  }

  @Mutation(() => User, { name: 'createUser', description: 'Creates a user.' })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateUserInput,
    @Args() options: DryRunQuery,
  ): Promise<User> {
    return this.users.create(actor, input, options);
  }

  @Mutation(() => User, {
    name: 'updateUser',
    description: 'Changes, disables or enables a user who may do no more than you, or sets its password.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: UserPath,
    @Args('input') input: UpdateUserInput,
  ): Promise<User> {
    return this.users.update(actor, id, input);
  }

  @Mutation(() => Boolean, {
    name: 'deleteUser',
    description:
      'Deletes a user who may do no more than you, with its sessions, API tokens, memberships and role bindings.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: UserPath): Promise<boolean> {
    await this.users.delete(actor, id);
    return true;
  }
}
