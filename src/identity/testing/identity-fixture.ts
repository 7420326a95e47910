import { RoleBindingsService } from '../../access/role-bindings.service.js';
import { AuditService } from '../../audit/audit.service.js';
import { ManualClock } from '../../common/clock.js';
import { SecretBox } from '../../common/secret-box.js';
import { Settings } from '../../config/settings.js';
import type { Database } from '../../database/schema.js';
import { ApiTokenCredentials } from '../api-token-credentials.js';
import { ApiTokensService } from '../api-tokens.service.js';
import { AuthenticationService } from '../authentication.service.js';
import { CredentialCache } from '../credential-cache.js';
import { DoorwayCredentials } from '../doorway-credentials.js';
import { FirstAdminService } from '../first-admin.service.js';
import { InitialPasswordFile } from '../initial-password-file.js';
import { PasswordHasher } from '../password-hasher.js';
import { ServiceAccountsService } from '../service-accounts.service.js';
import { SecondFactorEnrolment } from '../second-factor-enrolment.service.js';
import { SecondFactors } from '../second-factors.service.js';
import { SessionsService } from '../sessions.service.js';
import { SignInAttempts } from '../sign-in-attempts.service.js';
import { SignInService } from '../sign-in.service.js';
import { SignInThrottle } from '../sign-in-throttle.js';
import { TeamMembersService } from '../team-members.service.js';
import { TeamsService } from '../teams.service.js';
import { UserSessionsService } from '../user-sessions.service.js';
import { UsersService } from '../users.service.js';

export interface IdentityFixtureOptions {
  readonly db: Database;
  readonly dataDir: string;
  readonly adminPassword?: string;
  /** Shared by two fixtures that stand for two replicas. */
  readonly clock?: ManualClock;
  /** Instead of Argon2, where a test is about what comes of a password being right or wrong. */
  readonly hasher?: PasswordHasher;
}

/** Compares passwords as they are. */
export class PlainHasher extends PasswordHasher {
  override hash(password: string): Promise<string> {
    return Promise.resolve(`plain:${password}`);
  }

  override verify(password: string, hash: string | undefined): Promise<boolean> {
    return Promise.resolve(hash === `plain:${password}`);
  }
}

/** The identity room of one process, wired as IdentityModule does it. For tests. */
export function buildIdentity({ db, dataDir, adminPassword, ...given }: IdentityFixtureOptions) {
  const clock = given.clock ?? new ManualClock();
  const hasher = given.hasher ?? new PlainHasher();
  const settings = Object.assign(new Settings(), { dataDir, adminPassword });
  const audit = new AuditService(db, clock);
  const roleBindings = new RoleBindingsService(db, clock);
  const credentials = new CredentialCache(clock);
  const passwordFile = new InitialPasswordFile(settings);
  const users = new UsersService(db, clock, hasher, credentials, passwordFile, roleBindings);
  const sessions = new SessionsService(db, clock, audit, credentials);
  const apiTokens = new ApiTokensService(db, clock, audit, credentials);
  const members = new TeamMembersService(db, clock, credentials);
  const throttle = new SignInThrottle(db, clock);
  const attempts = new SignInAttempts(users, hasher, throttle, audit);
  const secondFactors = new SecondFactors(db, clock, new SecretBox('a key for tests'));
  const serviceAccounts = new ServiceAccountsService(db, clock, roleBindings, credentials);
  return {
    clock,
    audit,
    roleBindings,
    passwordFile,
    users,
    sessions,
    apiTokens,
    members,
    teams: new TeamsService(db, clock, roleBindings, credentials),
    serviceAccounts,
    userSessions: new UserSessionsService(db, clock, audit, credentials),
    throttle,
    secondFactors,
    secondFactorEnrolment: new SecondFactorEnrolment(users, attempts, secondFactors, audit),
    signIn: new SignInService(users, attempts, secondFactors, sessions, audit),
    authentication: new AuthenticationService(
      sessions,
      new ApiTokenCredentials(db, clock),
      new DoorwayCredentials(db, clock, credentials),
      members,
      credentials,
      clock,
      serviceAccounts,
    ),
    firstAdmin: new FirstAdminService(db, settings, users, hasher, roleBindings, audit, passwordFile),
  };
}

export type Identity = ReturnType<typeof buildIdentity>;
