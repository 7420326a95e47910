import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { Clock } from '../common/clock.js';
import { SecretBoxModule } from '../database/secret-box.module.js';
import { ApiTokenCredentials } from './api-token-credentials.js';
import { ApiTokensService } from './api-tokens.service.js';
import { AuthenticationService } from './authentication.service.js';
import { CredentialCache } from './credential-cache.js';
import { DoorwayCredentials } from './doorway-credentials.js';
import { FirstAdminService } from './first-admin.service.js';
import { IdentityHousekeeping } from './identity-housekeeping.js';
import { InitialPasswordFile } from './initial-password-file.js';
import { OidcClient } from './oidc-client.js';
import { OidcIdentities } from './oidc-identities.service.js';
import { OidcSignIn } from './oidc-sign-in.service.js';
import { OidcTeams } from './oidc-teams.service.js';
import { OidcTransactions } from './oidc-transactions.service.js';
import { PasswordHasher } from './password-hasher.js';
import { ServiceAccountsService } from './service-accounts.service.js';
import { SecondFactorEnrolment } from './second-factor-enrolment.service.js';
import { SecondFactors } from './second-factors.service.js';
import { SessionsService } from './sessions.service.js';
import { SignInAttempts } from './sign-in-attempts.service.js';
import { SignInService } from './sign-in.service.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { TeamMembersService } from './team-members.service.js';
import { TeamsService } from './teams.service.js';
import { UserSessionsService } from './user-sessions.service.js';
import { UsersService } from './users.service.js';

/** Who somebody is: users, passwords, sessions and API tokens. What they may do is the gate's. */
@Module({
  imports: [AccessModule, AuditModule, SecretBoxModule],
  providers: [
    ApiTokenCredentials,
    ApiTokensService,
    AuthenticationService,
    Clock,
    CredentialCache,
    DoorwayCredentials,
    FirstAdminService,
    IdentityHousekeeping,
    InitialPasswordFile,
    OidcClient,
    OidcIdentities,
    OidcSignIn,
    OidcTeams,
    OidcTransactions,
    PasswordHasher,
    ServiceAccountsService,
    SecondFactorEnrolment,
    SecondFactors,
    SessionsService,
    SignInAttempts,
    SignInService,
    SignInThrottle,
    TeamMembersService,
    TeamsService,
    UserSessionsService,
    UsersService,
  ],
  exports: [
    ApiTokensService,
    AuthenticationService,
    DoorwayCredentials,
    OidcClient,
    OidcIdentities,
    OidcSignIn,
    SecondFactorEnrolment,
    SecondFactors,
    ServiceAccountsService,
    SessionsService,
    SignInService,
    TeamMembersService,
    TeamsService,
    UserSessionsService,
    UsersService,
  ],
})
export class IdentityModule {}
