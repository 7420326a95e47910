import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutChoice, OutObject, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import { SECURITY_LEVELS, type SecurityLevel } from '../common/security-level.js';
import {
  type RoleBinding as StoredRoleBinding,
  type RoleBindingScope as StoredScope,
  SUBJECT_KINDS,
  type SubjectKind,
} from './role-binding.js';

@ObjectType({ description: 'Who has a role.' })
export class RoleBindingSubject {
  @OutChoice(SUBJECT_KINDS, 'What it is.')
  kind!: SubjectKind;

  @OutText('Its id.')
  id!: string;

  @OutText('Its name; null for one that is gone.', { nullable: true })
  name!: string | null;
}

@ObjectType({ description: 'Where a role holds. An object must meet all of it.' })
export class RoleBindingScope {
  @OutText('Names of engines; `*` for all.', { list: true })
  engines!: string[];

  @OutText('Only objects with such labels; null for all.', { nullable: true })
  labelSelector!: string | null;

  @OutBoolean('Only what the subject, or a team of it, created through Dockmaster.')
  owned!: boolean;

  @OutText('Only images of these repositories; null for all, and other kinds of objects too.', {
    nullable: true,
    list: true,
  })
  imageRepositories!: string[] | null;
}

@ObjectType({ description: 'Gives a role to somebody, within a scope, up to a security level.' })
export class RoleBinding {
  @OutText('Its id.')
  id!: string;

  @OutText('The role.')
  role!: string;

  @OutObject(() => RoleBindingSubject, 'Who has it.')
  subject!: RoleBindingSubject;

  @OutObject(() => RoleBindingScope, 'Where it holds.')
  scope!: RoleBindingScope;

  @OutChoice(SECURITY_LEVELS, 'The most that containers made or entered by it may be allowed.')
  level!: SecurityLevel;

  @OutTime('When it was made.')
  createdAt!: string;

  @OutText('The id of the user or service account that made it, or `system`.')
  createdBy!: string;
}

export class RoleBindingPage extends PageOf(RoleBinding) {}

/** A page of role bindings in GraphQL. */
export const RoleBindingConnection = ConnectionOf(RoleBinding);

/** What role bindings are sorted by, ascending. */
export function roleBindingSortKey({ createdAt, id }: RoleBinding): SortKey {
  return [Date.parse(createdAt), id];
}

export function toScopeModel({
  engines,
  labelSelector,
  owned,
  imageRepositories,
}: StoredScope): RoleBindingScope {
  return {
    engines: [...engines],
    labelSelector: labelSelector ?? null,
    owned: owned === true,
    imageRepositories: imageRepositories ? [...imageRepositories] : null,
  };
}

export function toRoleBinding(
  { id, role, subject, scope, level, createdAt, createdBy }: StoredRoleBinding,
  subjectName: string | undefined,
): RoleBinding {
  return {
    id,
    role,
    subject: { kind: subject.kind, id: subject.id, name: subjectName ?? null },
    scope: toScopeModel(scope),
    level,
    createdAt: toDateTime(createdAt),
    createdBy,
  };
}
