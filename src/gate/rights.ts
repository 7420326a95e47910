import type { RoleBinding } from '../access/role-binding.js';
import type { Actor } from '../common/actor.js';
import { matchesGlob } from '../common/glob.js';
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
  /** Where it comes from, for whoever asks why. */
  readonly binding?: RoleBinding;
}

/** An object that a scope is held against. */
export interface ScopedObject {
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the actor or its team created it. Asked only where a grant depends on it. */
  readonly ownedByActor: () => Promise<boolean>;
  /** Of an image, the repositories that the act is about: a grant on images has to cover each. */
  readonly repositories?: readonly string[];
}

/** What is asked of a grant: to cover one object, any object at all, or every object. */
export type Extent = ScopedObject | 'any' | 'every';

/** Why a grant does not allow something. */
export type Obstacle =
  'tokenEngines' | 'engine' | 'tokenPermissions' | 'permission' | 'scope' | 'kind' | 'labels' | 'owned';

/** What became of one grant in a decision. Without an obstacle it allows. */
export interface Judgement {
  readonly grant: Grant;
  readonly obstacle: Obstacle | undefined;
}

/** What one actor may do on one engine. Made of its grants and the limits of its token; denies by default. */
export class Rights {
  private readonly here: readonly Grant[];

  /** @param engine undefined for what belongs to no engine: that takes a grant, and a token, for all engines */
  constructor(
    private readonly actor: Actor,
    private readonly engine: string | undefined,
    private readonly grants: readonly Grant[],
  ) {
    this.here = grants.filter((grant) => this.engineObstacle(grant) === undefined);
  }

  /** Whether there is anything at all that the actor may do here. */
  get any(): boolean {
    return this.here.length > 0;
  }

  /** Whether some object might exist on which the actor may do it. */
  mayEver(permission: Permission): boolean {
    return this.having(permission).length > 0;
  }

  /** Whether the actor may do it on every object, also on those whose labels and owner we do not know. */
  mayAlways(permission: Permission): boolean {
    return this.having(permission).some((grant) => scopeObstacle(grant) === undefined);
  }

  /** Whether the limits of the actor's token leave it the permission here. Always, without such limits. */
  tokenPermits(permission: Permission): boolean {
    const { engines = ['*'], permissions } = this.actor.limits ?? {};
    const allows = permissions?.some((pattern) => permissionMatches(pattern, permission)) !== false;
    return allows && nameMatches(engines, this.engine);
  }

  async may(permission: Permission, object: ScopedObject): Promise<boolean> {
    for (const grant of this.having(permission)) {
      if ((await objectObstacle(grant, object)) === undefined) return true;
    }
    return false;
  }

  /** The highest level that the actor reaches with this permission on this object; undefined where it has none. */
  async level(permission: Permission, object: ScopedObject): Promise<SecurityLevel | undefined> {
    const levels: SecurityLevel[] = [];
    for (const grant of this.having(permission)) {
      if ((await objectObstacle(grant, object)) === undefined) levels.push(grant.level);
    }
    return levels.sort(compareLevels).at(-1);
  }

  /** Whether it depends on who owns an object if the actor may do it there. */
  asksForOwner(permission: Permission): boolean {
    return this.having(permission).some(({ owned }) => owned);
  }

  /** Whether it depends on one of these labels of an object if the actor may do it there. */
  asksForLabels(permission: Permission, keys: ReadonlySet<string>): boolean {
    return this.having(permission).some(({ labels }) => labels?.some(({ key }) => keys.has(key)) === true);
  }

  /** Equal for rights of one actor that reach the same objects with the permission. */
  reach(permission: Permission): string {
    const scopes = this.having(permission).map(({ labels, owned, imageRepositories }) => [
      labels ?? null,
      owned,
      imageRepositories ?? null,
    ]);
    return JSON.stringify(scopes);
  }

  /** The same decision as `may`, `mayEver` and `mayAlways`, with what became of each grant, also those for other engines. */
  async explain(permission: Permission, extent: Extent): Promise<Judgement[]> {
    const judgements: Judgement[] = [];
    for (const grant of this.grants) {
      const obstacle =
        this.engineObstacle(grant) ??
        this.permissionObstacle(grant, permission) ??
        (await extentObstacle(grant, extent));
      judgements.push({ grant, obstacle });
    }
    return judgements;
  }

  private having(permission: Permission): Grant[] {
    return this.here.filter((grant) => this.permissionObstacle(grant, permission) === undefined);
  }

  private engineObstacle({ engines }: Grant): Obstacle | undefined {
    if (!nameMatches(this.actor.limits?.engines ?? ['*'], this.engine)) return 'tokenEngines';
    return nameMatches(engines, this.engine) ? undefined : 'engine';
  }

  private permissionObstacle({ permissions }: Grant, permission: Permission): Obstacle | undefined {
    const allows = (pattern: PermissionPattern) => permissionMatches(pattern, permission);
    if (!permissions.some(allows)) return 'permission';
    return this.actor.limits?.permissions?.some(allows) === false ? 'tokenPermissions' : undefined;
  }
}

function extentObstacle(grant: Grant, extent: Extent): Promise<Obstacle | undefined> | Obstacle | undefined {
  if (extent === 'any') return undefined;
  return extent === 'every' ? scopeObstacle(grant) : objectObstacle(grant, extent);
}

/** Anything that a scope narrows keeps a grant from covering what we can't hold against it. */
function scopeObstacle({ labels, owned, imageRepositories }: Grant): Obstacle | undefined {
  return labels || owned || imageRepositories ? 'scope' : undefined;
}

async function objectObstacle(grant: Grant, object: ScopedObject): Promise<Obstacle | undefined> {
  if (grant.imageRepositories && !coversRepositories(grant.imageRepositories, object.repositories))
    return 'kind';
  if (grant.labels && !matchesLabels(grant.labels, object.labels)) return 'labels';
  return grant.owned && !(await object.ownedByActor()) ? 'owned' : undefined;
}

/** An image without a name is in no repository. */
function coversRepositories(globs: readonly string[], repositories: readonly string[] = []): boolean {
  return (
    repositories.length > 0 &&
    repositories.every((repository) => globs.some((glob) => matchesGlob(glob, repository)))
  );
}

function nameMatches(patterns: readonly string[], name: string | undefined): boolean {
  return patterns.includes('*') || (name !== undefined && patterns.includes(name));
}
