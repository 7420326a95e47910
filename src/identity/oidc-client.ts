import { Injectable, Logger } from '@nestjs/common';
import * as oidc from 'openid-client';
import { printable } from '../audit/audit-text.js';
import { Clock } from '../common/clock.js';
import { DomainError, messageOf } from '../common/errors.js';
import { ExpiringCache } from '../common/expiring-cache.js';
import type { OidcSettings } from '../config/oidc-settings.js';
import { Settings } from '../config/settings.js';
import { askProvider, providerUnavailable } from './oidc-fetch.js';

/** How old what the provider says about itself may be. Its keys are looked up when a new one appears. */
const DISCOVERY_LIFETIME_MS = 60 * 60_000;
const TIMEOUT_S = 10;
/** By how much the provider's clock may be off. */
const CLOCK_TOLERANCE_S = 10;
const MAX_REASON = 300;
/** What the provider answers when it is Dockmaster that it does not accept. RFC 6749, section 5.2. */
const OUR_FAULT: ReadonlySet<unknown> = new Set(['invalid_client', 'unauthorized_client', 'invalid_scope']);

/** What one sign-in is bound to, made anew for each. */
export interface OidcChecks {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Who the provider says somebody is. */
export interface OidcPerson {
  readonly issuer: string;
  /** Never given to somebody else by this issuer. */
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Dockmaster as a client of the OpenID provider: authorization code flow with PKCE. The provider is looked up when it
 * is needed, so that it may be away while Dockmaster starts.
 */
@Injectable()
export class OidcClient {
  private readonly logger = new Logger('OpenID Connect');
  private readonly configurations: ExpiringCache<oidc.Configuration>;

  constructor(
    private readonly given: Settings,
    clock: Clock,
  ) {
    this.configurations = new ExpiringCache(clock, { ttlMs: DISCOVERY_LIFETIME_MS, capacity: 1 });
  }

  /** @throws DomainError `not_found` where signing in by OpenID Connect is not set up */
  get settings(): OidcSettings {
    const settings = this.given.oidc;
    if (!settings) throw new DomainError('not_found', 'Signing in by OpenID Connect is not set up here');
    return settings;
  }

  newChecks(redirectUri: string): OidcChecks {
    return {
      redirectUri,
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
    };
  }

  /**
   * Where to send the person to.
   *
   * @throws DomainError `unavailable`
   */
  async authorizationUrl({ redirectUri, state, nonce, codeVerifier }: OidcChecks): Promise<string> {
    const configuration = await this.configuration();
    return oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.scopes,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    }).href;
  }

  /**
   * Exchanges what the provider sent the person back with.
   *
   * @param callback the whole address that the person was sent to
   * @throws DomainError `unauthenticated` for what does not fit `checks` or is not to be believed; `unavailable`
   */
  async redeem(callback: URL, checks: OidcChecks): Promise<OidcPerson> {
    const configuration = await this.configuration();
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('there is no ID token');
      const more = this.needsMore(claims, configuration)
        ? await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : {};
      return { issuer: claims.iss, subject: claims.sub, claims: { ...more, ...claims } };
    } catch (error) {
      throw this.refusalOf(error);
    }
  }

  private configuration(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    return this.configurations.get(issuer, async () => {
      try {
        return await oidc.discovery(
          new URL(issuer),
          clientId,
          {
            ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
            [oidc.clockTolerance]: CLOCK_TOLERANCE_S,
          },
          clientSecret === undefined ? oidc.None() : authenticateAsSupported(clientSecret),
          {
            timeout: TIMEOUT_S,
            [oidc.customFetch]: askProvider,
            execute: [
              oidc.enableNonRepudiationChecks,
              // Settings allow that on loopback only.
              ...(issuer.startsWith('http:') ? [allowPlainHttp] : []),
            ],
          },
        );
      } catch (error) {
        this.logger.warn(`the provider ${issuer} can't be used: ${describe(error)}`);
        throw providerUnavailable(error);
      }
    });
  }

  /** Providers leave claims out of the ID token that they tell who asks with the access token. */
  private needsMore(claims: Readonly<Record<string, unknown>>, configuration: oidc.Configuration): boolean {
    const { usernameClaim, groupsClaim, groupTeams } = this.settings;
    const wanted = groupTeams === undefined ? [usernameClaim] : [usernameClaim, groupsClaim];
    return (
      configuration.serverMetadata().userinfo_endpoint !== undefined &&
      wanted.some((claim) => !Object.hasOwn(claims, claim))
    );
  }

  private refusalOf(error: unknown): DomainError {
    const away = chainOf(error).find((cause) => cause instanceof DomainError);
    const reason = describe(error);
    if (away instanceof DomainError || isOurFault(error)) {
      this.logger.warn(`the provider did not complete a sign-in: ${reason}`);
      return providerUnavailable(error);
    }
    return new DomainError(
      'unauthenticated',
      "The identity provider's answer was not accepted; start again",
      {
        cause: new Error(reason, { cause: error }),
      },
    );
  }
}

// By name: the library marks it as deprecated only to make it stand out.
const allowPlainHttp: (configuration: oidc.Configuration) => void = Reflect.get(
  oidc,
  'allowInsecureRequests',
);

/** By the header unless the provider wants the secret in the body. OpenID Connect Discovery, section 3: by default. */
function authenticateAsSupported(secret: string): oidc.ClientAuth {
  const byHeader = oidc.ClientSecretBasic(secret);
  const byBody = oidc.ClientSecretPost(secret);
  return (server, client, body, headers) => {
    const supported = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = supported.includes('client_secret_basic') ? byHeader : byBody;
    authenticate(server, client, body, headers);
  };
}

/** What went wrong, in words for the log and the audit trail. Holds no token: the library names claims and codes only. */
function describe(error: unknown): string {
  const reasons = chainOf(error).map((cause) => {
    const code = errorCodeOf(cause);
    return typeof code === 'string' ? `${messageOf(cause)} (${code})` : messageOf(cause);
  });
  return printable([...new Set(reasons)].join(': '), MAX_REASON);
}

/** `error` and its causes. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let cause = error; cause instanceof Error && chain.length < 5; cause = cause.cause) chain.push(cause);
  return chain.length > 0 ? chain : [error];
}

/** Whether it is Dockmaster that the provider does not accept. A challenge answers credentials of its own. */
function isOurFault(error: unknown): boolean {
  return error instanceof oidc.WWWAuthenticateChallengeError || OUR_FAULT.has(errorCodeOf(error));
}

/** The `error` of the provider's answer. */
function errorCodeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'error' in error ? error.error : undefined;
}
