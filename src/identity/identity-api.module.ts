import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { GateModule } from '../gate/gate.module.js';
import { ApiTokenManagement } from './api-token-management.service.js';
import { ApiTokensController } from './api-tokens.controller.js';
import { AuthController } from './auth.controller.js';
import { IdentityModule } from './identity.module.js';
import { IdentityResolver } from './identity.resolver.js';
import { MeController } from './me.controller.js';
import { ServiceAccountManagement } from './service-account-management.service.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceAccountsResolver } from './service-accounts.resolver.js';
import { SessionManagement } from './session-management.service.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsResolver } from './sessions.resolver.js';
import { SignInApiModule } from './sign-in-api.module.js';
import { TeamManagement } from './team-management.service.js';
import { TeamsController } from './teams.controller.js';
import { TeamsResolver } from './teams.resolver.js';
import { UserManagement } from './user-management.service.js';
import { UsersController } from './users.controller.js';
import { UsersResolver } from './users.resolver.js';

/** Signing in, and users, teams, service accounts, tokens and sessions, by REST and GraphQL. */
@Module({
  imports: [AccessModule, AuditModule, GateModule, IdentityModule, SignInApiModule],
  controllers: [
    AuthController,
    MeController,
    ApiTokensController,
    ServiceAccountsController,
    SessionsController,
    TeamsController,
    UsersController,
  ],
  providers: [
    ApiTokenManagement,
    IdentityResolver,
    ServiceAccountManagement,
    ServiceAccountsResolver,
    SessionManagement,
    SessionsResolver,
    TeamManagement,
    TeamsResolver,
    UserManagement,
    UsersResolver,
  ],
})
export class IdentityApiModule {}
