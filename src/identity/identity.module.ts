import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { Clock } from '../common/clock.js';
import { ApiTokensService } from './api-tokens.service.js';
import { AuthenticationService } from './authentication.service.js';
import { CredentialCache } from './credential-cache.js';
import { FirstAdminService } from './first-admin.service.js';
import { IdentityHousekeeping } from './identity-housekeeping.js';
import { InitialPasswordFile } from './initial-password-file.js';
import { PasswordHasher } from './password-hasher.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { UsersService } from './users.service.js';

/** Who somebody is: users, passwords, sessions and API tokens. What they may do is the gate's. */
@Module({
  imports: [AccessModule, AuditModule],
  providers: [
    ApiTokensService,
    AuthenticationService,
    Clock,
    CredentialCache,
    FirstAdminService,
    IdentityHousekeeping,
    InitialPasswordFile,
    PasswordHasher,
    SessionsService,
    SignInService,
    SignInThrottle,
    UsersService,
  ],
  exports: [ApiTokensService, AuthenticationService, SignInService, SessionsService, UsersService],
})
export class IdentityModule {}
