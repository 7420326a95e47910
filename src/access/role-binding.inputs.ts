import { ArgsType, InputType } from '@nestjs/graphql';
import { FEW_STARS, MOST_STARS } from '../common/glob.js';
import { InBoolean, InChoice, InObject, InText } from '../common/input-fields.js';
import { MAX_LABEL_SELECTOR_LENGTH } from '../common/label-selector.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { ENGINE_NAME } from '../common/references.js';
import { SECURITY_LEVELS, type SecurityLevel } from '../common/security-level.js';
import {
  type RoleBindingFilter,
  type RoleBindingScope,
  SUBJECT_KINDS,
  type SubjectKind,
} from './role-binding.js';
import { InRoleName } from './role.inputs.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const EXAMPLE_ID = '01890a5d-ac96-774b-bcce-b302099a8057';

const InId = (description: string, options: { optional?: boolean } = {}): PropertyDecorator =>
  InText({
    description,
    min: 36,
    max: 36,
    pattern: UUID,
    patternHint: 'an id',
    example: EXAMPLE_ID,
    ...options,
  });
const LEVEL = {
  description: 'The most that containers made or entered by it may be allowed.',
  values: SECURITY_LEVELS,
  optional: true,
} as const;

@InputType({ description: 'Who gets a role.' })
export class SubjectInput {
  @InChoice({ description: 'What it is.', values: SUBJECT_KINDS })
  kind!: SubjectKind;

  @InId('Its id.')
  id!: string;
}

@InputType({ description: 'Where a role holds. An object must meet all that is given.' })
export class RoleBindingScopeInput {
  @InText({
    description: 'Names of engines; `*` for all, also those that come later.',
    min: 1,
    max: 63,
    pattern: new RegExp(`${ENGINE_NAME.source}|^\\*$`),
    patternHint: 'a list of engine names, or *',
    list: { min: 1, max: 100 },
    example: ['local'],
  })
  engines!: string[];

  @InText({
    description: 'Only objects with such labels, in the syntax of Kubernetes.',
    min: 1,
    max: MAX_LABEL_SELECTOR_LENGTH,
    optional: true,
    example: 'team=web',
  })
  labelSelector?: string;

  @InBoolean({
    description: 'Only what the subject, or a team of it, created through Dockmaster. Default: false.',
    optional: true,
  })
  owned?: boolean;

  @InText({
    description:
      'Only images of these repositories, in which `*` stands for anything; such a binding covers no other kind of object.',
    min: 1,
    max: 255,
    pattern: FEW_STARS,
    patternHint: `a repository, with at most ${MOST_STARS} *`,
    list: { min: 1, max: 100 },
    optional: true,
    example: ['registry.example.com/shop/*'],
  })
  imageRepositories?: string[];
}

@InputType({ description: 'A role to give to somebody. You may give only what you have yourself.' })
export class CreateRoleBindingInput {
  @InRoleName('The role.')
  role!: string;

  @InObject(() => SubjectInput, { description: 'Who gets it.' })
  subject!: SubjectInput;

  @InObject(() => RoleBindingScopeInput, { description: 'Where it holds.' })
  scope!: RoleBindingScopeInput;

  @InChoice({ ...LEVEL, description: `${LEVEL.description} Default: baseline.` })
  level?: SecurityLevel;
}

@InputType({
  description: 'What to change of a role binding. What is left out stays; a scope is replaced as a whole.',
})
export class UpdateRoleBindingInput {
  @InObject(() => RoleBindingScopeInput, { description: 'Where it holds.', optional: true })
  scope?: RoleBindingScopeInput;

  @InChoice(LEVEL)
  level?: SecurityLevel;
}

/** What the path `/role-bindings/{id}` carries. */
@ArgsType()
export class RoleBindingPath {
  @InId('The id of the role binding.')
  id!: string;
}

/** Each filter is stated once, for the REST query and the GraphQL input. */
const InFilterRole = () => InRoleName('Of this role.', { optional: true });
const KIND = { description: 'For subjects of this kind.', values: SUBJECT_KINDS, optional: true } as const;
const InFilterSubject = () => InId('For the subject with this id.', { optional: true });

@InputType({ description: 'Which role bindings to list. All that is given must hold.' })
export class RoleBindingFilterInput implements RoleBindingFilter {
  @InFilterRole()
  role?: string;

  @InChoice(KIND)
  subjectKind?: SubjectKind;

  @InFilterSubject()
  subjectId?: string;
}

/** The query of `GET /role-bindings`. */
export class ListRoleBindingsQuery extends PageQuery implements RoleBindingFilterInput {
  @InFilterRole()
  role?: string;

  @InChoice(KIND)
  subjectKind?: SubjectKind;

  @InFilterSubject()
  subjectId?: string;
}

/** The arguments of GraphQL's `roleBindings`. */
@ArgsType()
export class RoleBindingsArgs extends ConnectionArgs {
  @InObject(() => RoleBindingFilterInput, { description: 'Which ones. Default: all.', optional: true })
  filter?: RoleBindingFilterInput;
}

export function toScope(input: RoleBindingScopeInput): RoleBindingScope {
  const { engines, labelSelector, owned, imageRepositories } = input;
  return {
    engines,
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(owned === true ? { owned } : {}),
    ...(imageRepositories === undefined ? {} : { imageRepositories }),
  };
}
