import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { CurrentActor } from './authentication.guard.js';
import { ConfirmTotpInput, EnrolTotpInput, SecondFactorInput } from './second-factor.inputs.js';
import { RecoveryCodes, SecondFactor, TotpEnrolment, toSecondFactor } from './second-factor.model.js';
import { SecondFactorEnrolment } from './second-factor-enrolment.service.js';

@Resolver()
export class SecondFactorResolver {
  constructor(private readonly enrolment: SecondFactorEnrolment) {}

  @Query(() => SecondFactor, { description: 'Whether you have a second factor.' })
  async secondFactor(@CurrentActor() actor: Actor): Promise<SecondFactor> {
    return toSecondFactor(await this.enrolment.state(actor));
  }

  @Mutation(() => TotpEnrolment, {
    description:
      'Begins to set up an authenticator app as second factor. Changes nothing until it is confirmed.',
  })
  enrolTotp(
    @CurrentActor() actor: Actor,
    @Args('input') { currentPassword }: EnrolTotpInput,
  ): Promise<TotpEnrolment> {
    return this.enrolment.enrol(actor, currentPassword);
  }

  @Mutation(() => RecoveryCodes, {
    description: 'Confirms the authenticator app by a code of it: from now on signing in asks for one.',
  })
  async confirmTotp(
    @CurrentActor() actor: Actor,
    @Args('input') { code }: ConfirmTotpInput,
  ): Promise<RecoveryCodes> {
    return { recoveryCodes: await this.enrolment.confirm(actor, code) };
  }

  @Mutation(() => RecoveryCodes, { description: 'Gives new recovery codes in place of those you have.' })
  async renewRecoveryCodes(
    @CurrentActor() actor: Actor,
    @Args('input') proof: SecondFactorInput,
  ): Promise<RecoveryCodes> {
    return { recoveryCodes: await this.enrolment.renewRecoveryCodes(actor, proof) };
  }

  @Mutation(() => Boolean, { description: 'Gives your second factor up, with its recovery codes.' })
  async disableTotp(@CurrentActor() actor: Actor, @Args('input') proof: SecondFactorInput): Promise<boolean> {
    await this.enrolment.disable(actor, proof);
    return true;
  }
}
