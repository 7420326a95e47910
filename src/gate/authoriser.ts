import { Injectable } from '@nestjs/common';
import { type Ownership, OwnershipService } from '../access/ownership.service.js';
import { type RoleBinding, RoleBindingsService } from '../access/role-bindings.service.js';
import type { Actor } from '../common/actor.js';
import { parseLabelSelector } from '../common/label-selector.js';
import { BUILT_IN_ROLES, type RoleDefinition } from '../common/roles.js';
import { type Grant, Rights, type ScopedObject } from './rights.js';

/** Puts together what an actor may do, from its role bindings and who owns what. */
@Injectable()
export class Authoriser {
  constructor(
    private readonly bindings: RoleBindingsService,
    private readonly ownership: OwnershipService,
  ) {}

  /** @param engine undefined for what belongs to no engine, such as users */
  async rights(actor: Actor, engine?: string): Promise<Rights> {
    const bindings = await this.bindings.forActor(actor);
    return new Rights(actor, engine, bindings.map(toGrant));
  }

  /** An existing object as scopes see it. */
  existing(
    actor: Actor,
    engine: string,
    kind: string,
    id: string,
    labels: Readonly<Record<string, string>>,
  ): ScopedObject {
    const owns = this.ownerLookUp(actor, engine, kind, [id]);
    return { labels, ownedByActor: () => owns(id) };
  }

  /** Many existing objects, in their order. Their owners are looked up in one go, and only if a scope asks. */
  existingAll(
    actor: Actor,
    engine: string,
    kind: string,
    objects: readonly { readonly id: string; readonly labels: Readonly<Record<string, string>> }[],
  ): ScopedObject[] {
    const owns = this.ownerLookUp(
      actor,
      engine,
      kind,
      objects.map(({ id }) => id),
    );
    return objects.map(({ id, labels }) => ({ labels, ownedByActor: () => owns(id) }));
  }

  /** An object that the actor is about to make, and will own. */
  created(labels: Readonly<Record<string, string>>): ScopedObject {
    return { labels, ownedByActor: () => Promise.resolve(true) };
  }

  /** Whether somebody else made it through Dockmaster. */
  async ownedByAnother(actor: Actor, engine: string, kind: string, id: string): Promise<boolean> {
    const owner = await this.ownership.find(engine, kind, id);
    return owner !== undefined && !isActor(actor, owner);
  }

  private ownerLookUp(
    actor: Actor,
    engine: string,
    kind: string,
    ids: readonly string[],
  ): (id: string) => Promise<boolean> {
    let owners: Promise<ReadonlyMap<string, Ownership>> | undefined;
    return async (id) => {
      owners ??= this.ownership.findMany(engine, kind, ids);
      const owner = (await owners).get(id);
      return owner !== undefined && isActor(actor, owner);
    };
  }
}

function isActor(actor: Actor, { ownerKind, ownerId }: Ownership): boolean {
  return ownerKind === 'team'
    ? actor.teamIds.includes(ownerId)
    : ownerKind === actor.kind && ownerId === actor.id;
}

const NO_PERMISSIONS: RoleDefinition = { description: 'A role that does not exist', permissions: [] };

function toGrant({ role, scope, level }: RoleBinding): Grant {
  const { permissions } = roleNamed(role) ?? NO_PERMISSIONS;
  return {
    permissions,
    engines: scope.engines,
    ...(scope.labelSelector !== undefined ? { labels: parseLabelSelector(scope.labelSelector) } : {}),
    owned: scope.owned === true,
    ...(scope.imageRepositories !== undefined ? { imageRepositories: scope.imageRepositories } : {}),
    level,
  };
}

function roleNamed(name: string): RoleDefinition | undefined {
  return Object.hasOwn(BUILT_IN_ROLES, name)
    ? BUILT_IN_ROLES[name as keyof typeof BUILT_IN_ROLES]
    : undefined;
}
