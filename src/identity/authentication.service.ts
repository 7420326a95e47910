import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/errors.js';
import { ApiTokenCredentials } from './api-token-credentials.js';
import { CredentialCache } from './credential-cache.js';
import { DoorwayCredentials, type DoorwayKind } from './doorway-credentials.js';
import { bearerKind, hashToken } from './secret-token.js';
import { ServiceAccountsService } from './service-accounts.service.js';
import { SessionsService } from './sessions.service.js';
import { TeamMembersService } from './team-members.service.js';

/** Tells who presents a token. Withdrawn tokens are refused at once in this process, within 2 s in another replica. */
@Injectable()
export class AuthenticationService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly apiTokens: ApiTokenCredentials,
    private readonly doorways: DoorwayCredentials,
    private readonly members: TeamMembersService,
    private readonly credentials: CredentialCache,
    private readonly clock: Clock,
    private readonly serviceAccounts: ServiceAccountsService,
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
   * Whom a way in stands for by which somebody came without a token.
   *
   * @throws DomainError `unauthenticated` where it is not there any more, is disabled or has ended, and where whom it
   *   stands for is gone or disabled
   */
  async authenticateDoorway(kind: DoorwayKind, id: string): Promise<Actor> {
    const actor = await this.credentials.actor(`${kind}:${id}`, () => this.byDoorway(kind, id));
    if (!actor || this.hasExpired(actor))
      throw new DomainError('unauthenticated', `This ${DOORWAY_WORDS[kind]} stands for nobody any more`);
    return actor;
  }

  /**
   * For work that goes on after its request was authenticated.
   *
   * @throws DomainError `unauthenticated` once the actor's token has ended or was withdrawn, or its owner is disabled, as is
   *   a service account that acts without a token;
   *   `access_withdrawn` once it left a team that it was in then, because its rights may have been that team's
   */
  async requireLive(actor: Actor): Promise<void> {
    if (actor.kind === 'system') return;
    if (this.hasExpired(actor) || !(await this.isLive(actor))) throw invalidToken();
    if (actor.teamIds.length === 0) return;
    const teamIds = await this.teamIdsOf(actor.id);
    if (actor.teamIds.every((id) => teamIds.includes(id))) return;
    throw new DomainError('access_withdrawn', 'You left a team; connect again');
  }

  /**
   * Whether what was made with a credential may act still.
   *
   * @param id of an API token, a scoped socket or a client certificate; null for what was made with none
   */
  isCredentialLive(id: string | null): Promise<boolean> {
    if (id === null) return Promise.resolve(true);
    return this.credentials.isLive(
      id,
      async () => (await this.apiTokens.isLive(id)) || (await this.doorways.isLive(id)),
    );
  }

  private isLive({ kind, id, tokenId, sessionId, doorway }: Actor): Promise<boolean> {
    const tokens = doorway === undefined ? this.apiTokens : this.doorways;
    if (tokenId !== undefined) return this.credentials.isLive(tokenId, () => tokens.isLive(tokenId));
    if (sessionId !== undefined)
      return this.credentials.isLive(sessionId, () => this.sessions.isLive(sessionId));
    // A hook or a schedule acts as its service account, without a token of it.
    if (kind === 'serviceAccount')
      return this.credentials.isLive(id, () => this.serviceAccounts.isEnabled(id));
    return Promise.resolve(false);
  }

  private teamIdsOf(userId: string): Promise<readonly string[]> {
    return this.credentials.teamIds(userId, () => this.members.teamIdsOf(userId));
  }

  private hasExpired({ expiresAt }: Actor): boolean {
    return expiresAt !== undefined && expiresAt <= this.clock.now();
  }

  private async bySession(tokenHash: string): Promise<Actor | undefined> {
    const grant = await this.sessions.findByAccessToken(tokenHash);
    if (!grant) return undefined;
    const { user, sessionId, expiresAt } = grant;
    const teamIds = await this.teamIdsOf(user.id);
    return { kind: 'user', id: user.id, name: user.username, teamIds, sessionId, expiresAt };
  }

  private async byApiToken(tokenHash: string): Promise<Actor | undefined> {
    const grant = await this.apiTokens.findByHash(tokenHash);
    if (!grant) return undefined;
    const { owner, token } = grant;
    return {
      ...owner,
      teamIds: owner.kind === 'user' ? await this.teamIdsOf(owner.id) : [],
      tokenId: token.id,
      limits: token.limits,
      expiresAt: token.expiresAt,
    };
  }

  private async byDoorway(kind: DoorwayKind, id: string): Promise<Actor | undefined> {
    const grant = await this.doorways.find(kind, id);
    if (!grant) return undefined;
    const { owner, limits, expiresAt } = grant;
    return {
      ...owner,
      teamIds: owner.kind === 'user' ? await this.teamIdsOf(owner.id) : [],
      tokenId: id,
      doorway: kind,
      limits,
      ...(expiresAt === null ? {} : { expiresAt }),
    };
  }
}

const DOORWAY_WORDS = {
  scopedSocket: 'socket',
  clientCertificate: 'certificate',
} as const satisfies Record<DoorwayKind, string>;

function invalidToken(): DomainError {
  return new DomainError('unauthenticated', 'The token is not valid; sign in again');
}
