import { Module } from '@nestjs/common';
import { GateModule } from '../gate/gate.module.js';
import { IdentityModule } from './identity.module.js';
import { OidcSignInController } from './oidc-sign-in.controller.js';
import { SecondFactorController } from './second-factor.controller.js';
import { SecondFactorResolver } from './second-factor.resolver.js';
import { UserSignInController } from './user-sign-in.controller.js';
import { UserSignInResolver } from './user-sign-in.resolver.js';
import { UserSignIn } from './user-sign-in.service.js';

/** Signing in by OpenID Connect, second factors, and how others sign in, by REST and GraphQL. */
@Module({
  imports: [GateModule, IdentityModule],
  controllers: [OidcSignInController, SecondFactorController, UserSignInController],
  providers: [SecondFactorResolver, UserSignIn, UserSignInResolver],
})
export class SignInApiModule {}
