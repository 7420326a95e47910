import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { ConnectionArgs, toConnection } from '../common/pagination.js';
import { CurrentActor } from './authentication.guard.js';
import { SessionPath, UserSessionPath } from './session.inputs.js';
import { SessionConnection, sessionSortKey } from './session.model.js';
import { SessionManagement } from './session-management.service.js';
import { UserPath } from './user.inputs.js';

@Resolver()
export class SessionsResolver {
  constructor(private readonly sessions: SessionManagement) {}

  @Query(() => SessionConnection, {
    name: 'sessions',
    description: 'Your sessions, newest first. Not with an API token.',
  })
  async listOwn(@CurrentActor() actor: Actor, @Args() { first, after }: ConnectionArgs) {
    return toConnection(await this.sessions.listOwn(actor, { limit: first, after }), sessionSortKey);
  }

  @Query(() => SessionConnection, {
    name: 'userSessions',
    description: 'The sessions of a user, newest first.',
  })
  async list(
    @CurrentActor() actor: Actor,
    @Args() { id }: UserPath,
    @Args() { first, after }: ConnectionArgs,
  ) {
    return toConnection(await this.sessions.list(actor, id, { limit: first, after }), sessionSortKey);
  }

  @Mutation(() => Boolean, {
    name: 'endSession',
    description: 'Ends one of your sessions. Not with an API token.',
  })
  async endOwn(@CurrentActor() actor: Actor, @Args() { id }: SessionPath): Promise<boolean> {
    await this.sessions.endOwn(actor, id);
    return true;
  }

  @Mutation(() => Boolean, { name: 'endUserSession', description: 'Ends a session of a user.' })
  async end(@CurrentActor() actor: Actor, @Args() { id, sessionId }: UserSessionPath): Promise<boolean> {
    await this.sessions.end(actor, id, sessionId);
    return true;
  }

  @Mutation(() => Boolean, { name: 'endUserSessions', description: 'Ends all sessions of a user.' })
  async endAll(@CurrentActor() actor: Actor, @Args() { id }: UserPath): Promise<boolean> {
    await this.sessions.endAll(actor, id);
    return true;
  }
}
