import type { Actor } from '../common/actor.js';
import { type LabelSelector, matchesLabels } from '../common/label-selector.js';
import { type Permission, type PermissionPattern, permissionMatches } from '../common/permissions.js';
import { compareLevels, type SecurityLevel } from '../common/security-level.js';

/** A role binding as the gate reads it: what it permits, and on which objects. */
export interface Grant {
  readonly permissions: readonly PermissionPattern[];
  /** Names of engines, or `*`. */
  readonly engines: readonly string[];
  /** Only objects with these labels. */
  readonly labels?: LabelSelector;
  /** Only objects that the subject or its team created. */
  readonly owned: boolean;
  /** Only images of these repositories; such a grant covers no other kind of object. */
  readonly imageRepositories?: readonly string[];
  /** The most that a container made or entered under this grant may be allowed. */
  readonly level: SecurityLevel;
}

/** An object that a scope is held against. */
export interface ScopedObject {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the actor or its team created it. Asked only where a grant depends on it. */
  readonly ownedByActor: () => Promise<boolean>;
}

/** What one actor may do on one engine. Made of its grants and the limits of its token; denies by default. */
export class Rights {
  private readonly grants: readonly Grant[];

  constructor(
    private readonly actor: Actor,
    engine: string | undefined,
    grants: readonly Grant[],
  ) {
    const withinToken = engine === undefined || nameMatches(actor.limits?.engines ?? ['*'], engine);
    this.grants = withinToken
      ? grants.filter(({ engines }) => engine === undefined || nameMatches(engines, engine))
      : [];
  }

  /** Whether there is anything at all that the actor may do here. */
  get any(): boolean {
    return this.grants.length > 0;
  }

  /** Whether some object might exist on which the actor may do it. */
  mayEver(permission: Permission): boolean {
    return this.having(permission).length > 0;
  }

  /** Whether the actor may do it on every object, also on those whose labels and owner we do not know. */
  mayAlways(permission: Permission): boolean {
    return this.having(permission).some(isUnscoped);
  }

  async may(permission: Permission, object: ScopedObject): Promise<boolean> {
    return (await this.covering(permission, object)).length > 0;
  }

  /** The highest level that the actor reaches with this permission on this object; undefined where it has none. */
  async level(permission: Permission, object: ScopedObject): Promise<SecurityLevel | undefined> {
    const levels = (await this.covering(permission, object)).map(({ level }) => level);
    return levels.sort(compareLevels).at(-1);
  }

  private async covering(permission: Permission, object: ScopedObject): Promise<Grant[]> {
    const covering: Grant[] = [];
    for (const grant of this.having(permission)) {
      if (grant.imageRepositories) continue;
      if (grant.labels && !matchesLabels(grant.labels, object.labels)) continue;
      if (grant.owned && !(await object.ownedByActor())) continue;
      covering.push(grant);
    }
    return covering;
  }

  private having(permission: Permission): Grant[] {
    const limits = this.actor.limits?.permissions;
    if (limits && !limits.some((pattern) => permissionMatches(pattern, permission))) return [];
    return this.grants.filter(({ permissions }) =>
      permissions.some((pattern) => permissionMatches(pattern, permission)),
    );
  }
}

function isUnscoped({ labels, owned, imageRepositories }: Grant): boolean {
  return !labels && !owned && !imageRepositories;
}

function nameMatches(patterns: readonly string[], name: string): boolean {
  return patterns.includes('*') || patterns.includes(name);
}
