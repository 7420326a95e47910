import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { Page } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import type { PageRequest } from './name-page.js';
import { type Session, toSessionPage } from './session.model.js';
import { UserSessionsService } from './user-sessions.service.js';
import { UsersService } from './users.service.js';

/** Sessions: one's own without any permission, and others' for who may see and change users. */
@Injectable()
export class SessionManagement {
  constructor(
    private readonly gate: Gate,
    private readonly sessions: UserSessionsService,
    private readonly users: UsersService,
  ) {}

  /** @throws DomainError `forbidden` with an API token */
  async listOwn(actor: Actor, page: PageRequest): Promise<Page<Session>> {
    requireSession(actor);
    return toSessionPage(await this.sessions.list(actor.id, page), actor.sessionId);
  }

  /** @throws DomainError `forbidden` with an API token; `not_found` */
  async endOwn(actor: Actor, id: string): Promise<void> {
    requireSession(actor);
    await this.sessions.endOwn(actor, id);
  }

  /** @throws DomainError `forbidden` without `users:get`; `not_found` */
  async list(actor: Actor, userId: string, page: PageRequest): Promise<Page<Session>> {
    await this.gate.as(actor).require('users:get');
    await this.users.get(userId);
    return toSessionPage(await this.sessions.list(userId, page), actor.sessionId);
  }

  /** @throws DomainError `forbidden` without `users:update`; `not_found` */
  async end(actor: Actor, userId: string, id: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('users:update');
    const { username } = await this.users.get(userId);
    const target = { kind: 'session', id, name: username };
    await gate.change('users:update', target, () => this.sessions.end(userId, id));
  }

  /** @throws DomainError `forbidden` without `users:update`; `not_found` */
  async endAll(actor: Actor, userId: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('users:update');
    const { username } = await this.users.get(userId);
    const target = { kind: 'session', name: username };
    await gate.change('users:update', target, () => this.sessions.endAll(userId));
  }
}

/** An API token that got lost must not end the sessions of who could revoke it. */
function requireSession({ kind, tokenId }: Actor): void {
  if (kind === 'user' && tokenId === undefined) return;
  throw new DomainError('forbidden', 'Sessions are managed by who signed in, not with an API token');
}
