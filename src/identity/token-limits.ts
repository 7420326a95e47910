import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { PermissionPattern } from '../common/permissions.js';

export type TokenLimits = NonNullable<Actor['limits']>;

/**
 * The limits of a token that somebody makes with a token that has limits itself. Where nothing is asked for, it gets
 * the same ones.
 *
 * @throws DomainError `forbidden` for limits wider than `own`
 */
export function narrow(asked: TokenLimits, own: TokenLimits = {}): TokenLimits {
  const permissions = narrowList(asked.permissions, own.permissions, coversPermissions, 'permissions');
  const engines = narrowList(asked.engines, own.engines, coversEngine, 'engines');
  return { ...(permissions ? { permissions } : {}), ...(engines ? { engines } : {}) };
}

function narrowList<T extends string>(
  asked: readonly T[] | undefined,
  own: readonly T[] | undefined,
  covers: (wide: T, narrow: T) => boolean,
  what: string,
): readonly T[] | undefined {
  if (asked === undefined) return own;
  const excess = asked.filter((entry) => own?.some((wide) => covers(wide, entry)) === false);
  if (excess.length === 0) return [...new Set(asked)];
  throw new DomainError(
    'forbidden',
    `The token that you use does not have these ${what}: ${excess.join(', ')}`,
  );
}

/** Whether everything that `narrow` allows, `wide` allows too. */
function coversPermissions(wide: PermissionPattern, narrow: PermissionPattern): boolean {
  const [wideResource, wideVerb] = wide.split(':');
  const [resource, verb] = narrow.split(':');
  return (wideResource === '*' || wideResource === resource) && (wideVerb === '*' || wideVerb === verb);
}

function coversEngine(wide: string, narrow: string): boolean {
  return wide === '*' || wide === narrow;
}
