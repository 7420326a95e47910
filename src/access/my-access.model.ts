import { ObjectType } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { OutChoice, OutObject, OutText } from '../common/output-fields.js';
import { SECURITY_LEVELS, type SecurityLevel } from '../common/security-level.js';
import type { AccessOverview } from '../gate/access-review.js';
import { SUBJECT_KINDS, type SubjectKind } from './role-binding.js';
import { RoleBindingScope, toScopeModel } from './role-binding.model.js';

@ObjectType({ description: 'A role that you have, yourself or by a team.' })
export class OwnRole {
  @OutText('The id of the role binding that gives it.')
  binding!: string;

  @OutText('The role.')
  role!: string;

  @OutText('What the role allows; `*` stands for either side.', { list: true })
  permissions!: string[];

  @OutChoice(SUBJECT_KINDS, 'Whether it was given to you or to a team of yours.')
  via!: SubjectKind;

  @OutText('Your id, or the id of the team.')
  viaId!: string;

  @OutObject(() => RoleBindingScope, 'Where it holds.')
  scope!: RoleBindingScope;

  @OutChoice(SECURITY_LEVELS, 'The most that containers made or entered by it may be allowed.')
  level!: SecurityLevel;
}

@ObjectType({ description: 'What you may do on an engine, within the limits of the token in use.' })
export class OwnEngineAccess {
  @OutText('The name of the engine.')
  engine!: string;

  @OutText('What you may do on some objects at least.', { list: true })
  permissions!: string[];

  @OutText('What you may do on every object.', { list: true })
  everywhere!: string[];
}

@ObjectType({
  description: 'All that you may do. For a client that shows only what works; each call is decided anew.',
})
export class MyAccess {
  @OutObject(() => OwnRole, 'Your roles.', { list: true })
  roles!: OwnRole[];

  @OutText('What the API token in use is limited to; null for all that you may.', {
    nullable: true,
    list: true,
  })
  tokenPermissions!: string[] | null;

  @OutText('Engines that the API token in use is limited to; null for all.', { nullable: true, list: true })
  tokenEngines!: string[] | null;

  @OutText('What you may do on everything of all engines, and on what belongs to no engine, such as users.', {
    list: true,
  })
  everywhere!: string[];

  @OutObject(() => OwnEngineAccess, 'What you may do on each engine that you may use.', { list: true })
  engines!: OwnEngineAccess[];
}

export function toMyAccess({ limits }: Actor, { grants, everywhere, engines }: AccessOverview): MyAccess {
  return {
    roles: grants.map(({ permissions, binding }) => ({
      binding: binding.id,
      role: binding.role,
      permissions: [...permissions],
      via: binding.subject.kind,
      viaId: binding.subject.id,
      scope: toScopeModel(binding.scope),
      level: binding.level,
    })),
    tokenPermissions: limits?.permissions ? [...limits.permissions] : null,
    tokenEngines: limits?.engines ? [...limits.engines] : null,
    everywhere: [...everywhere],
    engines: engines.map((each) => ({
      engine: each.engine,
      permissions: [...each.permissions],
      everywhere: [...each.everywhere],
    })),
  };
}
