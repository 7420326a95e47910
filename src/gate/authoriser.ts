import { Injectable } from '@nestjs/common';
import { CustomRolesService, isBuiltIn } from '../access/custom-roles.service.js';
import { type Ownership, OwnershipService, type PastOwner } from '../access/ownership.service.js';
import type { RoleBinding } from '../access/role-binding.js';
import { RoleBindingsService } from '../access/role-bindings.service.js';
import type { Actor } from '../common/actor.js';
import { parseLabelSelector } from '../common/label-selector.js';
import { BUILT_IN_ROLES, type RoleDefinition } from '../common/roles.js';
import { type Grant, Rights, type ScopedObject } from './rights.js';

/** An object, or all of one kind, as it was found. */
export interface ObjectInScope {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whose owner is its owner too: of a task, its service. The same kind for all objects of one kind. */
  readonly belongsTo?: { readonly kind: string; readonly id: string };
}

interface FoundObject extends ObjectInScope {
  readonly kind: string;
  /** Of an image, the repositories that the act is about. */
  readonly repositories?: readonly string[] | undefined;
}

/** Puts together what an actor may do, from its role bindings and who owns what. */
@Injectable()
export class Authoriser {
  constructor(
    private readonly bindings: RoleBindingsService,
    private readonly ownership: OwnershipService,
    private readonly roles: CustomRolesService,
  ) {}

  /** @param engine undefined for what belongs to no engine, such as users */
  async rights(actor: Actor, engine?: string): Promise<Rights> {
    return new Rights(actor, engine, await this.grants(actor));
  }

  /** All that the actor was given, itself and by its teams, on all engines; the limits of its token not counted. */
  async grants(actor: Actor): Promise<Grant[]> {
    return this.grantsOf(await this.bindings.forActor(actor));
  }

  /** What these bindings give. A role that does not exist gives nothing. */
  async grantsOf(bindings: readonly RoleBinding[]): Promise<Grant[]> {
    const custom = await this.roles.all();
    return bindings.map((binding) => toGrant(binding, roleNamed(binding.role, custom)));
  }

  /** An existing object as scopes see it. */
  existing(
    actor: Actor,
    engine: string,
    kind: string,
    id: string,
    labels: Readonly<Record<string, string>>,
    repositories?: readonly string[],
  ): ScopedObject {
    const owns = this.ownerLookUp(actor, engine, kind, [id]);
    return { labels, ownedByActor: () => owns(id), ...(repositories ? { repositories } : {}) };
  }

  /** The same of an object that was found: it is owned by who owns what it belongs to. */
  found(actor: Actor, engine: string, object: FoundObject): ScopedObject {
    const { labels, repositories } = object;
    const { kind, id } = object.belongsTo ?? object;
    return this.existing(actor, engine, kind, id, labels, repositories);
  }

  /** Many existing objects, in their order. Their owners are looked up in one go, and only if a scope asks. */
  existingAll(actor: Actor, engine: string, kind: string, objects: readonly ObjectInScope[]): ScopedObject[] {
    const owned = objects.map((object) => object.belongsTo ?? { kind, id: object.id });
    const owns = this.ownerLookUp(
      actor,
      engine,
      owned[0]?.kind ?? kind,
      owned.map(({ id }) => id),
    );
    return objects.map(({ id, labels, belongsTo }) => ({
      labels,
      ownedByActor: () => owns(belongsTo?.id ?? id),
    }));
  }

  /** An object that the actor is about to make, and will own. */
  created(labels: Readonly<Record<string, string>>, repositories?: readonly string[]): ScopedObject {
    return { labels, ownedByActor: () => Promise.resolve(true), ...(repositories ? { repositories } : {}) };
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

/** Whether it is the actor's own, or its team's. */
export function isActor(actor: Actor, { ownerKind, ownerId }: PastOwner): boolean {
  return ownerKind === 'team'
    ? actor.teamIds.includes(ownerId)
    : ownerKind === actor.kind && ownerId === actor.id;
}

type CustomRoles = ReadonlyMap<string, RoleDefinition>;

/** What a binding to `role` gives; nothing where there is no such role. */
export function toGrant(binding: RoleBinding, role: RoleDefinition | undefined): Grant {
  const { scope, level } = binding;
  return {
    permissions: role?.permissions ?? [],
    engines: scope.engines,
    ...(scope.labelSelector !== undefined ? { labels: parseLabelSelector(scope.labelSelector) } : {}),
    owned: scope.owned === true,
    ...(scope.imageRepositories !== undefined ? { imageRepositories: scope.imageRepositories } : {}),
    level,
    binding,
  };
}

function roleNamed(name: string, custom: CustomRoles): RoleDefinition | undefined {
  return isBuiltIn(name) ? BUILT_IN_ROLES[name] : custom.get(name);
}
