import { Module } from '@nestjs/common';
import { ApiTokensController } from './api-tokens.controller.js';
import { AuthController } from './auth.controller.js';
import { IdentityModule } from './identity.module.js';
import { IdentityResolver } from './identity.resolver.js';
import { MeController } from './me.controller.js';

/** Signing in and one's own tokens, by REST and GraphQL. */
@Module({
  imports: [IdentityModule],
  controllers: [AuthController, MeController, ApiTokensController],
  providers: [IdentityResolver],
})
export class IdentityApiModule {}
