import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { UserPath } from './user.inputs.js';
import { LinkOidcInput } from './user-sign-in.inputs.js';
import { UserSignIn } from './user-sign-in.service.js';

/** How others sign in. */
@ApiTags('users')
@Controller('api/v1/users/:id')
export class UserSignInController {
  constructor(private readonly signIn: UserSignIn) {}

  @Post('totp/reset')
  @HttpCode(204)
  @ApiOperation({
    summary: "Take a user's second factor away, with its recovery codes",
    description: 'For who lost theirs. Only of a user who may do no more than you.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  resetSecondFactor(@CurrentActor() actor: Actor, @Param() { id }: UserPath): Promise<void> {
    return this.signIn.resetSecondFactor(actor, id);
  }

  @Post('oidc/link')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Say who of the OpenID Connect provider a user is',
    description:
      'That person signs in as this user from now on. Only for a user who may do no more than you.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found', 'conflict')
  linkOidc(
    @CurrentActor() actor: Actor,
    @Param() { id }: UserPath,
    @Body() { subject }: LinkOidcInput,
  ): Promise<void> {
    return this.signIn.linkOidc(actor, id, subject);
  }

  @Post('oidc/unlink')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Make a user nobody of the OpenID Connect provider',
    description: 'Sessions go on until they end or are ended. Only for a user who may do no more than you.',
  })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'not_found')
  unlinkOidc(@CurrentActor() actor: Actor, @Param() { id }: UserPath): Promise<void> {
    return this.signIn.unlinkOidc(actor, id);
  }
}
