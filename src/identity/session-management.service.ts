import { Injectable } from '@nestjs/common';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../common/actor.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { type Session, toSessionPage } from './session.model.js';
import { requireSignedIn } from './signed-in-only.js';
import { UserSessionsService } from './user-sessions.service.js';
import { UsersService } from './users.service.js';

/** Sessions: one's own without any permission, and others' for who may see and change users. */
@Injectable()
export class SessionManagement {
  constructor(
    private readonly gate: Gate,
    private readonly sessions: UserSessionsService,
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  /** @throws DomainError `forbidden` with an API token */
  async listOwn(actor: Actor, page: PageRequest): Promise<Page<Session>> {
    await this.requireSession(actor, 'listSessions');
    return toSessionPage(await this.sessions.list(actor.id, page), actor.sessionId);
  }

  /** @throws DomainError `forbidden` with an API token; `not_found` */
  async endOwn(actor: Actor, id: string): Promise<void> {
    await this.requireSession(actor, 'endSession');
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

  private requireSession(actor: Actor, operation: string): Promise<void> {
    const message = 'Sessions are managed by who signed in, not with an API token';
    return requireSignedIn(this.audit, actor, operation, message);
  }
}
