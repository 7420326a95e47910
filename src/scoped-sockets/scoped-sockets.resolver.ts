import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { DryRunQuery } from '../common/dry-run.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { doorwaySortKey } from '../doorways/doorway.model.js';
import { CurrentActor } from '../identity/authentication.guard.js';
import {
  CreateScopedSocketInput,
  ScopedSocketPath,
  UpdateScopedSocketInput,
} from './scoped-socket.inputs.js';
import { ScopedSocket, ScopedSocketConnection } from './scoped-socket.model.js';
import { ScopedSocketsService } from './scoped-sockets.service.js';

@Resolver()
export class ScopedSocketsResolver {
  constructor(private readonly sockets: ScopedSocketsService) {}

  @Query(() => ScopedSocketConnection, { name: 'scopedSockets', description: 'The scoped sockets, by name.' })
  async list(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.sockets.list(actor, { limit: first, after }), doorwaySortKey);
  }

  @Query(() => ScopedSocket, { name: 'scopedSocket', description: 'One scoped socket.' })
  get(@CurrentActor() actor: Actor, @Args() { id }: ScopedSocketPath): Promise<ScopedSocket> {
    return this.sockets.get(actor, id);
  }

  @Mutation(() => ScopedSocket, {
    name: 'createScopedSocket',
    description: 'Opens a unix socket that stands for somebody who may do no more than you.',
  })
  create(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateScopedSocketInput,
    @Args() options: DryRunQuery,
  ): Promise<ScopedSocket> {
    return this.sockets.create(actor, input, options);
  }

  @Mutation(() => ScopedSocket, {
    name: 'updateScopedSocket',
    description: 'Changes, disables or enables a scoped socket. What goes on through it ends.',
  })
  update(
    @CurrentActor() actor: Actor,
    @Args() { id }: ScopedSocketPath,
    @Args('input') input: UpdateScopedSocketInput,
  ): Promise<ScopedSocket> {
    return this.sockets.update(actor, id, input);
  }

  @Mutation(() => Boolean, {
    name: 'deleteScopedSocket',
    description: 'Removes a scoped socket. What goes on through it ends.',
  })
  async delete(@CurrentActor() actor: Actor, @Args() { id }: ScopedSocketPath): Promise<boolean> {
    await this.sockets.delete(actor, id);
    return true;
  }
}
