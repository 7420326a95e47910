import { DomainError } from '../common/errors.js';
import { isPermissionPattern, type PermissionPattern } from '../common/permissions.js';

/**
 * Each once, in the order given.
 *
 * @throws DomainError `invalid_input` that names those which match no permission that there is
 */
export function toPermissionPatterns(texts: readonly string[]): PermissionPattern[] {
  const errors = texts.flatMap((text, index) =>
    isPermissionPattern(text)
      ? []
      : [{ field: `permissions.${index}`, message: 'must be a permission, or one with * for either side' }],
  );
  if (errors.length > 0) throw new DomainError('invalid_input', 'There is no such permission', { errors });
  return [...new Set(texts)].filter(isPermissionPattern);
}
