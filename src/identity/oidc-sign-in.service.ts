import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import { DomainError, messageOf } from '../common/errors.js';
import { requestContext } from '../common/request-context.js';
import { OidcClient, type OidcPerson } from './oidc-client.js';
import { OidcIdentities } from './oidc-identities.service.js';
import { OidcTransactions } from './oidc-transactions.service.js';
import { type IssuedTokens, SessionsService } from './sessions.service.js';
import { SignInAttempts, type Verdict } from './sign-in-attempts.service.js';
import type { UserCredentials } from './users.service.js';

const HOUR_MS = 60 * 60_000;
/** As in the audit trail. */
const METHOD = 'OpenID Connect';

export interface BegunSignIn {
  /** Where to send the person to. */
  readonly authorizationUrl: string;
  /** A secret of the client, good once. */
  readonly transactionId: string;
}

/** Signing in by OpenID Connect: authorization code flow with PKCE, for a client that holds no secret of the provider. */
@Injectable()
export class OidcSignIn {
  constructor(
    private readonly client: OidcClient,
    private readonly transactions: OidcTransactions,
    private readonly identities: OidcIdentities,
    private readonly attempts: SignInAttempts,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param redirectUri where the provider sends the person back to; one of the settings', exactly
   * @param address the peer's
   * @throws DomainError `not_found` where it is not set up; `invalid_input`; `unavailable`; `too_many_requests`
   */
  async start(redirectUri: string, address: string): Promise<BegunSignIn> {
    const { issuer, redirectUris } = this.client.settings;
    if (!redirectUris.includes(redirectUri)) {
      const message = 'must be one of DOCKMASTER_OIDC_REDIRECT_URIS, exactly';
      throw new DomainError('invalid_input', `redirectUri ${message}`, {
        errors: [{ field: 'redirectUri', message }],
      });
    }
    const checks = this.client.newChecks(redirectUri);
    const authorizationUrl = await this.client.authorizationUrl(checks);
    const transactionId = await this.transactions.begin({ ...checks, issuer }, address);
    return { authorizationUrl, transactionId };
  }

  /**
   * @param callbackUrl the whole address that the provider sent the person to
   * @param address the peer's, for throttling
   * @throws DomainError `unauthenticated` for what is wrong, spent or too late; `forbidden` and `conflict` as
   *   `OidcIdentities.resolve`; `not_found` where it is not set up; `unavailable`; `too_many_requests`
   */
  async complete(transactionId: string, callbackUrl: string, address: string): Promise<IssuedTokens> {
    let refusal = new DomainError('unauthenticated', 'Sign in again');
    const verdict = await this.attempts.judge<UserCredentials>(
      { operation: 'signIn', address },
      async (): Promise<Verdict<UserCredentials>> => {
        try {
          const person = await this.identify(transactionId, callbackUrl);
          return { is: 'right', value: await this.identities.resolve(person, this.client.settings) };
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refusal = error;
          return { is: 'wrong', reason: `${METHOD}: ${reasonOf(error)}` };
        }
      },
    );
    if (verdict.is !== 'right') throw refusal;
    return this.begin(verdict.value);
  }

  private async identify(transactionId: string, callbackUrl: string): Promise<OidcPerson> {
    const { issuer } = this.client.settings;
    const transaction = await this.transactions.take(transactionId);
    if (transaction?.issuer !== issuer) {
      throw new DomainError(
        'unauthenticated',
        'This sign-in was completed already, or took too long; start again',
      );
    }
    const callback = URL.canParse(callbackUrl) ? new URL(callbackUrl) : undefined;
    if (!callback || `${callback.origin}${callback.pathname}` !== transaction.redirectUri) {
      throw new DomainError('unauthenticated', 'callbackUrl is not where this sign-in was to come back to');
    }
    return this.client.redeem(callback, transaction);
  }

  private async begin(user: UserCredentials): Promise<IssuedTokens> {
    const { sessionId, ...tokens } = await this.sessions.begin(
      user,
      this.client.settings.sessionHours * HOUR_MS,
    );
    const record = await this.audit.begin({
      ...requestContext(),
      actor: { kind: 'user', id: user.id, name: user.username },
      operation: 'signIn',
      targetKind: 'session',
      targetId: sessionId,
    });
    await this.audit.complete(record, 'succeeded', METHOD);
    return tokens;
  }
}

function isRefusal(error: unknown): error is DomainError {
  return error instanceof DomainError && ['unauthenticated', 'forbidden', 'conflict'].includes(error.kind);
}

/** The true reason, where the answer does not tell it. */
function reasonOf({ message, cause }: DomainError): string {
  return cause === undefined ? message : messageOf(cause);
}
