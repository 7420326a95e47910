import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../common/actor.js';
import { requestContext } from '../common/request-context.js';
import { ApiProblems } from '../http/api-problems.js';
import { CurrentActor, Public } from './authentication.guard.js';
import { type IssuedTokens, SessionsService } from './sessions.service.js';
import { RefreshInput, SignInInput } from './sign-in.inputs.js';
import { SessionTokens } from './sign-in.model.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('auth')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
  ) {}

  @Public()
  @Post('login')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sign in',
    description:
      'Who has a second factor sends `totp` or `recoveryCode` too; `second_factor_required` asks for it.',
    security: [],
  })
  @ApiOkResponse({ type: SessionTokens })
  @ApiProblems(
    'invalid_input',
    'unauthenticated',
    'second_factor_required',
    'too_many_requests',
    'unavailable',
  )
  login(@Body() { username, password, ...proof }: SignInInput): Promise<IssuedTokens> {
    return this.signIn.signIn(username, password, requestContext().address, proof);
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description: 'Each refresh token can be used once. One that is used again ends the whole session.',
    security: [],
  })
  @ApiOkResponse({ type: SessionTokens })
  @ApiProblems('invalid_input', 'unauthenticated')
  refresh(@Body() { refreshToken }: RefreshInput): Promise<IssuedTokens> {
    return this.sessions.refresh(refreshToken);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session of the access token in use' })
  @ApiNoContentResponse()
  @ApiProblems('invalid_input', 'unauthenticated', 'not_supported')
  logout(@CurrentActor() actor: Actor): Promise<void> {
    return this.signIn.signOut(actor);
  }
}
