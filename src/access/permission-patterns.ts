import { DomainError, type FieldError } from '../common/errors.js';
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
  const [unknown] = texts.filter((text) => !isPermissionPattern(text));
  if (unknown !== undefined) throw noSuchPermission(unknown, errors);
  return [...new Set(texts)].filter(isPermissionPattern);
}

/** @param text is repeated, in part where it is long */
export function noSuchPermission(text: string, errors: FieldError[]): DomainError {
  const named = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return new DomainError('invalid_input', `There is no such permission: ${named}`, { errors });
}
