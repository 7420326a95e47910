import { Injectable } from '@nestjs/common';
import type { RoleBinding, Subject } from '../access/role-binding.js';
import { SubjectsService } from '../access/subjects.service.js';
import type { Actor } from '../common/actor.js';
import { notFound } from '../common/errors.js';
import { ALL_PERMISSIONS, type Permission } from '../common/permissions.js';
import { compareLevels, isWithinLevel, type SecurityLevel } from '../common/security-level.js';
import { ALL_OPERATIONS, type Operation } from '../engine/operations/index.js';
import { type AccessQuestion, subjectMatter } from './access-question.js';
import {
  isHidden,
  madeBy,
  makesByName,
  scopedObjects,
  type SeenObject,
  seenBy,
} from './access-review-target.js';
import { obstacleWords, SUBJECT_WORDS } from './access-review-words.js';
import { Admissions, FILTERED } from './admissions.js';
import { Authoriser } from './authoriser.js';
import type { Extent, Grant, Judgement, Rights, ScopedObject } from './rights.js';

/** What decides where no role binding simply allows it: see docs/access.md. */
export const REVIEW_RULES = ['roleBinding', 'securityLevel', 'tokenLimits', 'disabled'] as const;

export interface AccessAnswer {
  readonly allowed: boolean;
  readonly reason: string;
  /** The binding that allows it or comes closest, and the rule that decided; undefined where nothing allows it. */
  readonly decidedBy:
    { readonly binding?: RoleBinding; readonly rule: (typeof REVIEW_RULES)[number] } | undefined;
  /** Every binding of the subject. */
  readonly considered: readonly {
    readonly binding: RoleBinding;
    readonly allows: boolean;
    readonly why: string;
  }[];
}

/** All that somebody may do. */
export interface AccessOverview {
  readonly grants: readonly (Grant & { readonly binding: RoleBinding })[];
  /** On every object of every engine, and on what belongs to no engine. */
  readonly everywhere: readonly Permission[];
  readonly engines: readonly {
    readonly engine: string;
    /** On some objects at least. */
    readonly permissions: readonly Permission[];
    /** On every object. */
    readonly everywhere: readonly Permission[];
  }[];
}

/** Says what would be decided, and why, by asking the same `Rights` that decide. */
@Injectable()
export class AccessReviews {
  constructor(
    private readonly authoriser: Authoriser,
    private readonly subjects: SubjectsService,
    private readonly admissions: Admissions,
  ) {}

  /**
   * @throws DomainError `not_found` for a subject that there is not, and a target that there is not for the caller;
   *   `invalid_input` for a question that makes no sense
   */
  async answer(caller: Actor, question: AccessQuestion): Promise<AccessAnswer> {
    const { permission, operation } = subjectMatter(question);
    const { actor, disabled } = await this.asked(caller, question.subject);
    const rights = await this.authoriser.rights(actor, question.engine);
    const operations = operation
      ? [operation]
      : ALL_OPERATIONS.filter((row) => row.permission === permission);
    const seen = makesByName(operations) ? undefined : await seenBy(this.admissions, caller, question);
    const extents = this.extents(actor, question, permission, operations, seen);
    const judgements = await firstAllowed(rights, permission, extents);
    const considered = judgements.flatMap(({ grant, obstacle }) =>
      grant.binding
        ? [{ binding: grant.binding, allows: !obstacle, why: obstacleWords(obstacle, grant, permission) }]
        : [],
    );
    if (disabled) {
      const reason = `The ${SUBJECT_WORDS[actor.kind]} ${actor.name} is disabled`;
      return { allowed: false, reason, decidedBy: { rule: 'disabled' }, considered };
    }
    const decision = decide(judgements, permission, question.level);
    const [extent] = extents;
    const hidden =
      seen !== undefined &&
      typeof extent === 'object' &&
      !decision.allowed &&
      (await isHidden(rights, seen, extent));
    const reason = hidden ? `${decision.reason}; this ${seen.kind} does not exist for it` : decision.reason;
    return { ...decision, reason, considered };
  }

  async overview(actor: Actor, engines: readonly string[]): Promise<AccessOverview> {
    const grants = await this.authoriser.grants(actor);
    const anywhere = await this.authoriser.rights(actor);
    const onEngines = await Promise.all(
      engines.map(async (engine) => ({ engine, rights: await this.authoriser.rights(actor, engine) })),
    );
    return {
      grants: grants.flatMap((grant) => (grant.binding ? [{ ...grant, binding: grant.binding }] : [])),
      everywhere: ALL_PERMISSIONS.filter((permission) => anywhere.mayAlways(permission)),
      engines: onEngines
        .filter(({ rights }) => rights.any)
        .map(({ engine, rights }) => ({
          engine,
          permissions: ALL_PERMISSIONS.filter((permission) => rights.mayEver(permission)),
          everywhere: ALL_PERMISSIONS.filter((permission) => rights.mayAlways(permission)),
        })),
    };
  }

  private async asked(
    caller: Actor,
    subject: Subject | undefined,
  ): Promise<{ actor: Actor; disabled: boolean }> {
    if (!subject || isSame(caller, subject)) return { actor: caller, disabled: false };
    const known = await this.subjects.find(subject);
    if (!known) throw notFound(SUBJECT_WORDS[subject.kind], subject.id);
    const { id, name, disabled } = known;
    if (known.kind === 'team') {
      // A member that has nothing but the team.
      return { actor: { kind: 'user', id: '', name, teamIds: [id] }, disabled };
    }
    const teamIds = known.kind === 'user' ? await this.subjects.teamIdsOf(id) : [];
    return { actor: { kind: known.kind, id, name, teamIds }, disabled };
  }

  /** As the gate holds calls against scopes (admissions.ts). Of several, one is enough. */
  private extents(
    actor: Actor,
    { engine, target }: AccessQuestion,
    permission: Permission,
    operations: readonly Operation[],
    seen: SeenObject | undefined,
  ): readonly Extent[] {
    if (engine === undefined) return ['every'];
    if (seen) return scopedObjects(this.authoriser, actor, engine, seen, permission);
    const made = madeBy(operations, target);
    if (made) return [this.authoriser.created(made.labels, made.repositories)];
    if (target?.labels) return [somebodyElses(target.labels)];
    return [target === undefined && operations.some(({ id }) => FILTERED.has(id)) ? 'any' : 'every'];
  }
}

/** What becomes of the grants with the first extent that one of them covers; with the first of all where none does. */
async function firstAllowed(
  rights: Rights,
  permission: Permission,
  extents: readonly Extent[],
): Promise<Judgement[]> {
  const all = await Promise.all(extents.map((extent) => rights.explain(permission, extent)));
  const allows = (judgements: Judgement[]) => judgements.some(({ obstacle }) => obstacle === undefined);
  return all.find(allows) ?? all[0] ?? [];
}

export function isSame(actor: Actor, subject: Subject): boolean {
  return actor.kind === subject.kind && actor.id === subject.id;
}

function decide(
  judgements: readonly Judgement[],
  permission: Permission,
  level: SecurityLevel | undefined,
): Pick<AccessAnswer, 'allowed' | 'reason' | 'decidedBy'> {
  const [best] = judgements
    .filter(({ obstacle }) => obstacle === undefined)
    .map(({ grant }) => grant)
    .sort((a, b) => compareLevels(b.level, a.level));
  if (!best) return refuse(judgements, permission);
  const { binding } = best;
  const role = binding?.role ?? '';
  const by = binding ? { binding } : {};
  if (level !== undefined && !isWithinLevel(level, best.level)) {
    const reason = `The role ${role} allows ${permission} here up to ${best.level}, which is less than ${level}`;
    return { allowed: false, reason, decidedBy: { ...by, rule: 'securityLevel' } };
  }
  const reason = `The role ${role} allows ${permission} here, up to ${best.level}`;
  return { allowed: true, reason, decidedBy: { ...by, rule: 'roleBinding' } };
}

function refuse(
  judgements: readonly Judgement[],
  permission: Permission,
): Pick<AccessAnswer, 'allowed' | 'reason' | 'decidedBy'> {
  const cut = judgements.find(
    ({ obstacle }) => obstacle === 'tokenEngines' || obstacle === 'tokenPermissions',
  );
  if (cut) {
    const binding = cut.obstacle === 'tokenPermissions' ? cut.grant.binding : undefined;
    const reason =
      cut.obstacle === 'tokenEngines'
        ? 'The API token in use does not reach this engine, or what belongs to no engine'
        : `The API token in use does not have ${permission}`;
    return { allowed: false, reason, decidedBy: { ...(binding ? { binding } : {}), rule: 'tokenLimits' } };
  }
  const partly = judgements.some(({ obstacle }) => obstacle === 'scope');
  const reason = partly
    ? `A role binding allows ${permission} on some objects only, and this is about all of them`
    : judgements.length === 0
      ? 'There is no role binding at all, and what nothing allows is refused'
      : `No role binding allows ${permission} here, and what nothing allows is refused`;
  return { allowed: false, reason, decidedBy: undefined };
}

function somebodyElses(labels: Readonly<Record<string, string>>): ScopedObject {
  return { labels, ownedByActor: () => Promise.resolve(false) };
}
