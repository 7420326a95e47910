import { DomainError, type FieldError } from '../common/errors.js';
import { FEW_STARS, MOST_STARS } from '../common/glob.js';
import { parseLabelSelector } from '../common/label-selector.js';
import type { RoleBindingScope } from './role-binding.js';

const MAX_ENTRIES = 100;
const MAX_ENTRY_LENGTH = 255;

/**
 * Checks a scope before it is stored: one that can't be read later would have to deny everything.
 *
 * @throws DomainError `invalid_input` that names the fields
 */
export function checkScope({ engines, labelSelector, imageRepositories }: RoleBindingScope): void {
  const errors: FieldError[] = [
    ...checkList('scope.engines', engines),
    ...(imageRepositories === undefined ? [] : checkRepositories(imageRepositories)),
  ];
  if (errors.length > 0) throw new DomainError('invalid_input', 'The scope is not valid', { errors });
  if (labelSelector !== undefined) parseLabelSelector(labelSelector);
}

function checkRepositories(globs: readonly string[]): FieldError[] {
  const field = 'scope.imageRepositories';
  const valid = globs.every((glob) => FEW_STARS.test(glob));
  return [
    ...checkList(field, globs),
    ...(valid ? [] : [{ field, message: `must have entries with at most ${MOST_STARS} *` }]),
  ];
}

function checkList(field: string, values: readonly string[]): FieldError[] {
  if (values.length === 0 || values.length > MAX_ENTRIES) {
    return [{ field, message: `must have 1 to ${MAX_ENTRIES} entries` }];
  }
  const valid = values.every((value) => value.length > 0 && value.length <= MAX_ENTRY_LENGTH);
  return valid ? [] : [{ field, message: `must have entries of 1 to ${MAX_ENTRY_LENGTH} characters` }];
}

export function serializeScope({
  engines,
  labelSelector,
  owned,
  imageRepositories,
}: RoleBindingScope): string {
  return JSON.stringify({ engines, labelSelector, owned, imageRepositories });
}

/** @throws DomainError `internal` for a stored scope that has not the form that we write */
export function parseScope(text: string): RoleBindingScope {
  const scope: unknown = JSON.parse(text);
  if (!isScope(scope))
    throw new DomainError('internal', 'A stored role binding has a scope that is not valid');
  return scope;
}

function isScope(value: unknown): value is RoleBindingScope {
  if (typeof value !== 'object' || value === null) return false;
  const { engines, labelSelector, owned, imageRepositories } = value as Record<string, unknown>;
  return (
    isTextList(engines) &&
    (labelSelector === undefined || typeof labelSelector === 'string') &&
    (owned === undefined || typeof owned === 'boolean') &&
    (imageRepositories === undefined || isTextList(imageRepositories))
  );
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
