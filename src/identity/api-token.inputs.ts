import { ArgsType, InputType } from '@nestjs/graphql';
import { noSuchPermission } from '../access/permission-patterns.js';
import { InDateTime, toEpochMs } from '../common/date-time.js';
import { InText } from '../common/input-fields.js';
import { isPermissionPattern, type PermissionPattern } from '../common/permissions.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { ENGINE_NAME } from '../common/references.js';
import { InId } from './id-field.js';
import type { NewApiToken } from './api-tokens.service.js';

@InputType({ description: 'An API token to make. It may be narrower than its owner, never wider.' })
export class CreateApiTokenInput {
  @InText({ description: 'What the token is for.', min: 1, max: 100, example: 'nightly build' })
  name!: string;

  @InText({
    description:
      'All that the token may be used for, of what its owner may: permissions, with `*` for either side. Default: all that its owner may.',
    min: 3,
    max: 100,
    list: { min: 1, max: 200 },
    optional: true,
    example: ['containers:*', 'images:pull'],
  })
  permissions?: string[];

  @InText({
    description: 'All engines that the token may be used on, or `*`. Default: all that its owner may use.',
    min: 1,
    max: 63,
    pattern: new RegExp(`${ENGINE_NAME.source}|^\\*$`),
    patternHint: 'a list of engine names, or *',
    list: { min: 1, max: 100 },
    optional: true,
    example: ['local'],
  })
  engines?: string[];

  @InDateTime('When the token ends, at most ten years ahead. Default: in 90 days.', { optional: true })
  expiresAt?: string;
}

/** What the path `/tokens/{id}` carries. */
@ArgsType()
export class ApiTokenPath {
  @InId('The id of the API token.')
  id!: string;
}

const OWNER = 'Whose tokens: the id of a user or service account. Default: your own.';

/** The query of `GET /tokens`. */
export class ListApiTokensQuery extends PageQuery {
  @InId(OWNER, { optional: true })
  owner?: string;
}

/** The arguments of GraphQL's `apiTokens`. */
@ArgsType()
export class ApiTokensArgs extends ConnectionArgs {
  @InId(OWNER, { optional: true })
  owner?: string;
}

/** @throws DomainError `invalid_input` for a permission that there is not */
export function toNewApiToken({ name, permissions, engines, expiresAt }: CreateApiTokenInput): NewApiToken {
  return {
    name,
    permissions: permissions?.map(toPermissionPattern),
    engines,
    expiresAt: expiresAt === undefined ? undefined : toEpochMs('expiresAt', expiresAt),
  };
}

function toPermissionPattern(text: string, index: number): PermissionPattern {
  if (isPermissionPattern(text)) return text;
  throw noSuchPermission(text, [
    { field: `permissions.${index}`, message: 'must be a permission, or one with * for either side' },
  ]);
}
