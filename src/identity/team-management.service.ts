import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { changeOrDryRun, type DryRunQuery } from '../common/dry-run.js';
import type { Page, PageRequest } from '../common/pagination.js';
import { Gate } from '../gate/gate.js';
import { changeSubject, requireOver } from './subject-change.js';
import type { CreateTeamInput, UpdateTeamInput } from './team.inputs.js';
import { type Team, type TeamMember, toTeamMemberPage, toTeamModel, toTeamPage } from './team.model.js';
import { TeamMembersService } from './team-members.service.js';
import { TeamsService } from './teams.service.js';
import { UsersService } from './users.service.js';

/** Teams and their members, for who may see and change them. */
@Injectable()
export class TeamManagement {
  constructor(
    private readonly gate: Gate,
    private readonly teams: TeamsService,
    private readonly members: TeamMembersService,
    private readonly users: UsersService,
  ) {}

  /** @throws DomainError `forbidden` without `teams:list` */
  async list(actor: Actor, page: PageRequest): Promise<Page<Team>> {
    await this.gate.as(actor).require('teams:list');
    return toTeamPage(await this.teams.list(page));
  }

  /** @throws DomainError `forbidden` without `teams:get`; `not_found` */
  async get(actor: Actor, id: string): Promise<Team> {
    await this.gate.as(actor).require('teams:get');
    return toTeamModel(await this.teams.get(id));
  }

  /** @throws DomainError `forbidden` without `teams:create`; `invalid_input`; `conflict` */
  create(actor: Actor, input: CreateTeamInput, { dryRun }: DryRunQuery): Promise<Team> {
    const target = { kind: 'team', name: input.name };
    return changeOrDryRun(this.gate.as(actor), { dryRun, operation: 'teams:create', target }, async () =>
      toTeamModel(await this.teams.create(input, { dryRun: dryRun ?? false })),
    );
  }

  /** @throws DomainError `forbidden`; `not_found`; `invalid_input`; `conflict` for a name that is taken */
  async update(actor: Actor, id: string, changes: UpdateTeamInput): Promise<Team> {
    return this.change(actor, 'teams:update', id, async () =>
      toTeamModel(await this.teams.update(id, changes)),
    );
  }

  /** @throws DomainError `forbidden`; `not_found`; `conflict` where the last admin is one by this team */
  async delete(actor: Actor, id: string): Promise<void> {
    await this.change(actor, 'teams:delete', id, () => this.teams.delete(id));
  }

  /** @throws DomainError `forbidden` without `teams:get`; `not_found` */
  async listMembers(actor: Actor, id: string, page: PageRequest): Promise<Page<TeamMember>> {
    await this.gate.as(actor).require('teams:get');
    await this.teams.get(id);
    return toTeamMemberPage(await this.members.list(id, page));
  }

  /**
   * Gives a user the rights of a team.
   *
   * @throws DomainError `forbidden` without `teams:update` or for a team that may do more than the actor; `not_found`
   */
  async addMember(actor: Actor, id: string, userId: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('teams:update');
    const { name } = await this.teams.get(id);
    const { username } = await this.users.get(userId);
    await requireOver(gate, 'teams:update', { kind: 'team', id });
    const target = { kind: 'team', id, name: `${name}: add ${username}` };
    await gate.change('teams:update', target, () => this.members.add(id, userId));
  }

  /** @throws DomainError `forbidden` without `teams:update`; `not_found`; `conflict` for the last admin */
  async removeMember(actor: Actor, id: string, userId: string): Promise<void> {
    const gate = this.gate.as(actor);
    await gate.require('teams:update');
    const { name } = await this.teams.get(id);
    const { username } = await this.users.get(userId);
    const target = { kind: 'team', id, name: `${name}: remove ${username}` };
    await gate.change('teams:update', target, () => this.members.remove(id, userId));
  }

  private async change<T>(
    actor: Actor,
    operation: 'teams:update' | 'teams:delete',
    id: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const gate = this.gate.as(actor);
    await gate.require(operation);
    const { name } = await this.teams.get(id);
    return changeSubject(gate, { operation, subject: { kind: 'team', id }, name }, work);
  }
}
