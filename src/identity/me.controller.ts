import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { requestContext } from '../common/request-context.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor } from './authentication.guard.js';
import { Me, toMe } from './me.model.js';
import { ChangePasswordInput } from './sign-in.inputs.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('auth')
@Controller('api/v1/me')
export class MeController {
  constructor(private readonly signIn: SignInService) {}

  @Get()
  @ApiOperation({ summary: 'See who you are' })
  @ApiOkResponse({ type: Me })
  @ApiProblems('unauthenticated')
  get(@CurrentActor() actor: Actor): Me {
    return toMe(actor);
  }

  @Post('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change your password', description: 'Ends all your sessions, also this one.' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'forbidden', 'too_many_requests')
  changePassword(
    @CurrentActor() actor: Actor,
    @Body() { currentPassword, newPassword }: ChangePasswordInput,
  ): Promise<void> {
    return this.signIn.changePassword(actor, currentPassword, newPassword, requestContext().address);
  }
}
