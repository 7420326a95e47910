import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { CurrentActor } from './authentication.guard.js';
import { UserPath } from './user.inputs.js';
import { LinkOidcInput } from './user-sign-in.inputs.js';
import { UserSignIn } from './user-sign-in.service.js';

@Resolver()
export class UserSignInResolver {
  constructor(private readonly signIn: UserSignIn) {}

  @Mutation(() => Boolean, {
    description: "Takes a user's second factor away, with its recovery codes. For who lost theirs.",
  })
  async resetUserTotp(@CurrentActor() actor: Actor, @Args() { id }: UserPath): Promise<boolean> {
    await this.signIn.resetSecondFactor(actor, id);
    return true;
  }

  @Mutation(() => Boolean, {
    description:
      'Says who of the OpenID Connect provider a user is: that person signs in as this user from now on.',
  })
  async linkUserOidc(
    @CurrentActor() actor: Actor,
    @Args() { id }: UserPath,
    @Args('input') { subject }: LinkOidcInput,
  ): Promise<boolean> {
    await this.signIn.linkOidc(actor, id, subject);
    return true;
  }

  @Mutation(() => Boolean, { description: 'Makes a user nobody of the OpenID Connect provider.' })
  async unlinkUserOidc(@CurrentActor() actor: Actor, @Args() { id }: UserPath): Promise<boolean> {
    await this.signIn.unlinkOidc(actor, id);
    return true;
  }
}
