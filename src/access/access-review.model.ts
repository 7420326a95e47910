import { ObjectType } from '@nestjs/graphql';
import { OutBoolean, OutChoice, OutObject, OutText } from '../common/output-fields.js';
import { type AccessAnswer, REVIEW_RULES } from '../gate/access-review.js';
import { RoleBindingScope, toScopeModel } from './role-binding.model.js';

@ObjectType({ description: 'What decided.' })
export class AccessDecision {
  @OutText('The id of the role binding that allows it, or would but for the rule; null where none does.', {
    nullable: true,
  })
  binding!: string | null;

  @OutText('Its role.', { nullable: true })
  role!: string | null;

  @OutObject(() => RoleBindingScope, 'Its scope.', { nullable: true })
  scope!: RoleBindingScope | null;

  @OutChoice(
    REVIEW_RULES,
    'The rule: a role binding allows it, its level is too low, the token in use is narrower, or the subject is disabled.',
  )
  rule!: string;
}

@ObjectType({ description: 'A role binding of the subject, and whether it allows what was asked.' })
export class ConsideredBinding {
  @OutText('Its id.')
  binding!: string;

  @OutText('Its role.')
  role!: string;

  @OutChoice(['allows', 'doesNotAllow'], 'Whether it allows it.')
  outcome!: 'allows' | 'doesNotAllow';

  @OutText('Why.')
  why!: string;
}

@ObjectType({ description: 'Whether somebody may do something, and why. Decided by what decides on calls.' })
export class AccessReview {
  @OutBoolean('Whether it is allowed.')
  allowed!: boolean;

  @OutText('Why, in a sentence.')
  reason!: string;

  @OutObject(() => AccessDecision, 'What decided; null where nothing allows it, which refuses it.', {
    nullable: true,
  })
  decidedBy!: AccessDecision | null;

  @OutObject(() => ConsideredBinding, 'All role bindings of the subject.', { list: true })
  considered!: ConsideredBinding[];
}

export function toAccessReview({ allowed, reason, decidedBy, considered }: AccessAnswer): AccessReview {
  const binding = decidedBy?.binding;
  return {
    allowed,
    reason,
    decidedBy: decidedBy
      ? {
          binding: binding?.id ?? null,
          role: binding?.role ?? null,
          scope: binding ? toScopeModel(binding.scope) : null,
          rule: decidedBy.rule,
        }
      : null,
    considered: considered.map((each) => ({
      binding: each.binding.id,
      role: each.binding.role,
      outcome: each.allows ? 'allows' : 'doesNotAllow',
      why: each.why,
    })),
  };
}
