import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { requestContext } from '../common/request-context.js';
import { Settings } from '../config/settings.js';
import { ApiProblems } from '../http/api-problems.js';
import { Public } from './authentication.guard.js';
import { CompleteOidcInput, StartOidcInput } from './oidc-sign-in.inputs.js';
import { OidcStart, SignInMethods } from './oidc-sign-in.model.js';
import { type BegunSignIn, OidcSignIn } from './oidc-sign-in.service.js';
import type { IssuedTokens } from './sessions.service.js';
import { SessionTokens } from './sign-in.model.js';

@ApiTags('auth')
@Controller('api/v1/auth')
export class OidcSignInController {
  constructor(
    private readonly oidc: OidcSignIn,
    private readonly settings: Settings,
  ) {}

  @Public()
  @Get('methods')
  @ApiOperation({ summary: 'See how one can sign in here', security: [] })
  @ApiOkResponse({ type: SignInMethods })
  @ApiProblems('invalid_input')
  methods(): SignInMethods {
    const issuer = this.settings.oidc?.issuer;
    return { password: true, oidc: issuer !== undefined, oidcIssuer: issuer ?? null };
  }

  @Public()
  @Post('oidc/start')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Begin to sign in by OpenID Connect',
    description: 'Send the person to `authorizationUrl`; the provider sends them back to `redirectUri`.',
    security: [],
  })
  @ApiOkResponse({ type: OidcStart })
  @ApiProblems('invalid_input', 'not_found', 'too_many_requests', 'unavailable')
  start(@Body() { redirectUri }: StartOidcInput): Promise<BegunSignIn> {
    return this.oidc.start(redirectUri, requestContext().address);
  }

  @Public()
  @Post('oidc/complete')
  @HttpCode(200)
  @ApiOperation({ summary: 'Complete a sign-in by OpenID Connect', security: [] })
  @ApiOkResponse({ type: SessionTokens })
  @ApiProblems(
    'invalid_input',
    'unauthenticated',
    'forbidden',
    'not_found',
    'conflict',
    'too_many_requests',
    'unavailable',
  )
  complete(@Body() { transactionId, callbackUrl }: CompleteOidcInput): Promise<IssuedTokens> {
    return this.oidc.complete(transactionId, callbackUrl, requestContext().address);
  }
}
