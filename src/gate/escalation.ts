import { Injectable } from '@nestjs/common';
import { CustomRolesService, isBuiltIn } from '../access/custom-roles.service.js';
import type { RoleBinding, Subject } from '../access/role-binding.js';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import { SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { PermissionPattern } from '../common/permissions.js';
import { BUILT_IN_ROLES } from '../common/roles.js';
import { Authoriser, toGrant } from './authoriser.js';
import { type Holding, uncovered } from './coverage.js';
import type { Grant } from './rights.js';

const MAX_NAMED = 5;

/** A role binding that is to be given. */
export type WantedBinding = Pick<RoleBinding, 'role' | 'subject' | 'scope' | 'level'>;

/**
 * Nobody gives what he does not have, nor takes over somebody who has more. What "at least as much" means is in
 * `uncovered`: every permission, on every engine, in all of the scope, up to the level, and within the limits of the
 * token in use.
 */
@Injectable()
export class Escalation {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly bindings: RoleBindingsService,
    private readonly roles: CustomRolesService,
    private readonly subjects: SubjectsService,
  ) {}

  /**
   * For whatever lets the actor act as the subject or gives others what the subject has: setting a password, making a
   * token, adding a member.
   *
   * @throws DomainError `forbidden` unless all that the subject may do, a user also by its teams, the actor may do too
   */
  async requireAtLeast(actor: Actor, subject: Subject): Promise<void> {
    const teams = subject.kind === 'user' ? await this.subjects.teamIdsOf(subject.id) : [];
    const subjects = [subject, ...teams.map((id) => ({ kind: 'team' as const, id }))];
    const wanted = await this.authoriser.grantsOf(await this.bindings.ofSubjects(subjects));
    const holding = await this.holding(actor);
    if (wanted.every((grant) => uncovered(holding, grant, isSelf(actor, subject)).length === 0)) return;
    throw new DomainError('forbidden', `That ${WORDS[subject.kind]} may do more than you may`);
  }

  /** @throws DomainError `forbidden` unless all that the binding gives the actor has itself, within the same scope */
  async requireMayGrant(actor: Actor, binding: WantedBinding): Promise<void> {
    const role = isBuiltIn(binding.role) ? BUILT_IN_ROLES[binding.role] : await this.roles.find(binding.role);
    const grant = toGrant({ ...binding, id: '', createdAt: 0, createdBy: '' }, role);
    refuseUncovered(await this.holding(actor), grant, isSelf(actor, binding.subject));
  }

  /**
   * @param added what the role allows from now on and did not before; all of it for a new one
   * @throws DomainError `forbidden` unless the actor holds that on all engines and everything there, and wherever the role
   *   is bound already, up to the level that it is bound with
   */
  async requireMayAdd(actor: Actor, role: string, added: readonly PermissionPattern[]): Promise<void> {
    if (added.length === 0) return;
    const holding = await this.holding(actor);
    refuseUncovered(
      holding,
      { permissions: added, engines: ['*'], owned: false, level: 'restricted' },
      false,
    );
    for await (const binding of this.bindings.ofRole(role)) {
      const grant = toGrant(binding, { description: '', permissions: added });
      refuseUncovered(holding, grant, isSelf(actor, binding.subject));
    }
  }

  private async holding(actor: Actor): Promise<Holding> {
    return { grants: await this.authoriser.grants(actor), limits: actor.limits };
  }
}

const WORDS = {
  user: 'user',
  team: 'team',
  serviceAccount: 'service account',
} as const satisfies Record<Subject['kind'], string>;

/** What the actor owns is what the subject owns: only where they are the same. */
function isSelf(actor: Actor, subject: Subject): boolean {
  return actor.kind === subject.kind && actor.id === subject.id;
}

function refuseUncovered(holding: Holding, grant: Grant, sameSubject: boolean): void {
  const missing = uncovered(holding, grant, sameSubject);
  if (missing.length === 0) return;
  const named = missing.slice(0, MAX_NAMED).join(', ');
  const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : '';
  throw new DomainError(
    'forbidden',
    `You can not give what you do not have yourself, as widely and up to that level: ${named}${more}`,
  );
}
