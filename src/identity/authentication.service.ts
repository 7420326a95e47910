import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { ApiTokensService } from './api-tokens.service.js';
import { CredentialCache } from './credential-cache.js';
import { bearerKind, hashToken } from './secret-token.js';
import { SessionsService } from './sessions.service.js';

/** Tells who presents a token. Withdrawn tokens are refused at once in this process, within 2 s in another replica. */
@Injectable()
export class AuthenticationService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly apiTokens: ApiTokensService,
    private readonly credentials: CredentialCache,
    private readonly clock: Clock,
  ) {}

  /**
   * @param bearer an access token or an API token
   * @throws DomainError `unauthenticated`, the same whatever is wrong with the token
   */
  async authenticate(bearer: string): Promise<Actor> {
    const kind = bearerKind(bearer);
    if (!kind) throw invalidToken();
    const hash = hashToken(bearer);
    const actor = await this.credentials.actor(hash, () =>
      kind === 'access' ? this.bySession(hash) : this.byApiToken(hash),
    );
    if (!actor || this.hasExpired(actor)) throw invalidToken();
    return actor;
  }

  /**
   * For work that goes on after its request was authenticated.
   *
   * @throws DomainError `unauthenticated` once the actor's token has ended or was withdrawn, or its user is disabled
   */
  async requireLive(actor: Actor): Promise<void> {
    if (actor.kind === 'system') return;
    if (this.hasExpired(actor) || !(await this.isLive(actor))) throw invalidToken();
  }

  private isLive({ tokenId, sessionId }: Actor): Promise<boolean> {
    if (tokenId !== undefined) return this.credentials.isLive(tokenId, () => this.apiTokens.isLive(tokenId));
    if (sessionId !== undefined)
      return this.credentials.isLive(sessionId, () => this.sessions.isLive(sessionId));
    return Promise.resolve(false);
  }

  private hasExpired({ expiresAt }: Actor): boolean {
    return expiresAt !== undefined && expiresAt <= this.clock.now();
  }

  private async bySession(tokenHash: string): Promise<Actor | undefined> {
    const grant = await this.sessions.findByAccessToken(tokenHash);
    if (!grant) return undefined;
    const { user, sessionId, expiresAt } = grant;
    return { kind: 'user', id: user.id, name: user.username, teamIds: [], sessionId, expiresAt };
  }

  private async byApiToken(tokenHash: string): Promise<Actor | undefined> {
    const grant = await this.apiTokens.findByHash(tokenHash);
    if (!grant) return undefined;
    const { user, token } = grant;
    return {
      kind: 'user',
      id: user.id,
      name: user.username,
      teamIds: [],
      tokenId: token.id,
      limits: token.limits,
      expiresAt: token.expiresAt,
    };
  }
}

function invalidToken(): DomainError {
  return new DomainError('unauthenticated', 'The token is not valid; sign in again');
}
