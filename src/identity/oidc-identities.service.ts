import { Inject, Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { printable } from '../audit/audit-text.js';
import { Clock } from '../common/clock.js';
import { DomainError, notFound } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';
import type { OidcSettings } from '../config/oidc-settings.js';
import { DATABASE } from '../database/database.token.js';
import type { Database } from '../database/schema.js';
import type { OidcPerson } from './oidc-client.js';
import { teamNamesOf } from './oidc-groups.js';
import { OidcTeams } from './oidc-teams.service.js';
import { NO_PASSWORD } from './password-policy.js';
import { isUsername, normalizeUsername } from './username.js';
import { type UserCredentials, UsersService } from './users.service.js';

const SYSTEM = { kind: 'system', id: 'system', name: 'system' } as const;
const MAX_DISPLAY_NAME = 100;

/** Which user a person of the provider is. Goes by issuer and subject alone: names and addresses can be given anew. */
@Injectable()
export class OidcIdentities {
  constructor(
    @Inject(DATABASE) private readonly db: Database,
    private readonly clock: Clock,
    private readonly users: UsersService,
    private readonly teams: OidcTeams,
    private readonly audit: AuditService,
  ) {}

  /**
   * The user that `person` is, made where there is none and settings allow it, with the teams that the groups say.
   *
   * @throws DomainError `forbidden` for a disabled user, and for nobody's identity where none is made; `conflict` where
   *   somebody else has the username already
   */
  async resolve(person: OidcPerson, settings: OidcSettings): Promise<UserCredentials> {
    const { user, teamsChanged } = await this.db.transaction().execute(async (transaction) => {
      const user =
        (await this.known(person, transaction)) ?? (await this.make(person, settings, transaction));
      if (user.disabled === 1) throw new DomainError('forbidden', 'Your account here is disabled');
      const { groupTeams, groupsClaim } = settings;
      const teamsChanged =
        groupTeams !== undefined &&
        (await this.teams.follow(user, teamNamesOf(claimOf(person, groupsClaim), groupTeams), transaction));
      return { user, teamsChanged };
    });
    if (teamsChanged) this.teams.changed();
    const credentials = await this.users.findCredentials(user.username);
    if (credentials?.id !== user.id) throw notFound('user', user.id);
    return credentials;
  }

  /**
   * Says which person of the provider a user is, in place of who it was.
   *
   * @throws DomainError `not_found` for an unknown user; `conflict` where the person is another user already
   */
  async link(userId: string, identity: Pick<OidcPerson, 'issuer' | 'subject'>): Promise<void> {
    const { id } = await this.users.get(userId);
    await this.db.transaction().execute(async (transaction) => {
      const { issuer, subject } = identity;
      await transaction
        .deleteFrom('oidc_identity')
        .where('user_id', '=', id)
        .where('issuer', '=', issuer)
        .execute();
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('oidc_identity')
        .values({ issuer, subject, user_id: id, created_at: this.clock.now(), last_sign_in_at: null })
        .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows !== 1n) {
        throw new DomainError('conflict', 'This person of the identity provider is another user already');
      }
    });
  }

  /** @throws DomainError `not_found` for an unknown user, and for one who is nobody of the provider */
  async unlink(userId: string): Promise<void> {
    const { id } = await this.users.get(userId);
    const { numDeletedRows } = await this.db
      .deleteFrom('oidc_identity')
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    if (numDeletedRows === 0n) throw notFound('OpenID Connect identity of user', userId);
  }

  private async known({ issuer, subject }: OidcPerson, transaction: Database) {
    const user = await transaction
      .selectFrom('oidc_identity')
      .innerJoin('user_account', 'user_account.id', 'user_id')
      .select(['user_account.id', 'username', 'disabled'])
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .executeTakeFirst();
    if (!user) return undefined;
    await transaction
      .updateTable('oidc_identity')
      .set({ last_sign_in_at: this.clock.now() })
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .execute();
    return user;
  }

  private async make(
    person: OidcPerson,
    { createUsers, usernameClaim }: OidcSettings,
    transaction: Database,
  ) {
    const { issuer, subject } = person;
    if (!createUsers) throw new DomainError('forbidden', 'You have no account here; ask an administrator');
    const username = usernameOf(person, usernameClaim);
    const user = await this.users.insert(username, NO_PASSWORD, transaction, displayNameOf(person));
    if (!user) {
      // Another sign-in of the same person may have been first.
      const meanwhile = await this.known(person, transaction);
      if (meanwhile) return meanwhile;
      throw new DomainError(
        'conflict',
        `There is another account ${username} here, and it is not taken over; an administrator can link it to you`,
      );
    }
    const now = this.clock.now();
    await transaction
      .insertInto('oidc_identity')
      .values({ issuer, subject, user_id: user.id, created_at: now, last_sign_in_at: now })
      .execute();
    const target = { targetKind: 'user', targetId: user.id, targetName: username };
    await this.audit.succeeded(
      { ...requestContext(), actor: SYSTEM, operation: 'users:create', ...target },
      transaction,
    );
    return { id: user.id, username, disabled: 0 as const };
  }
}

function claimOf({ claims }: OidcPerson, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** @throws DomainError `forbidden` where the provider's name for the person can't be a username */
function usernameOf(person: OidcPerson, claim: string): string {
  const value = claimOf(person, claim);
  const username = typeof value === 'string' ? normalizeUsername(value) : '';
  if (isUsername(username)) return username;
  throw new DomainError(
    'forbidden',
    `The identity provider's claim ${claim} gives no username of 1 to 64 of a-z, 0-9, ".", "_" and "-"`,
  );
}

function displayNameOf(person: OidcPerson): string | undefined {
  const name = claimOf(person, 'name');
  return typeof name === 'string' ? printable(name, MAX_DISPLAY_NAME) : undefined;
}
