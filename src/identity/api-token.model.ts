import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutChoice, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, type Page, PageOf, type SortKey } from '../common/pagination.js';
import type { StoredApiToken } from './api-token.js';
import type { MadeApiToken } from './api-tokens.service.js';

@ObjectType({ description: 'A token for programs, that stands for its owner.' })
export class ApiToken {
  @OutText('Its id.')
  id!: string;

  @OutChoice(['user', 'serviceAccount'], 'What it stands for.')
  ownerKind!: 'user' | 'serviceAccount';

  @OutText('The id of the user or service account that it stands for.')
  ownerId!: string;

  @OutText('What it is for.')
  name!: string;

  @OutText('All that it may be used for; null for all that its owner may.', { nullable: true, list: true })
  permissions!: string[] | null;

  @OutText('All engines that it may be used on; null for all.', { nullable: true, list: true })
  engines!: string[] | null;

  @OutTime('When it was made.')
  createdAt!: string;

  @OutTime('When it ends.')
  expiresAt!: string;

  @OutTime('When it was last used, to the minute; null for never.', { nullable: true })
  lastUsedAt!: string | null;
}

@ObjectType({ description: 'An API token that was just made.' })
export class CreatedApiToken extends ApiToken {
  @OutText('The token itself. It is shown this once: only a hash of it is kept. Empty for a dry run.')
  token!: string;
}

export class ApiTokenPage extends PageOf(ApiToken) {}

/** A page of API tokens in GraphQL. */
export const ApiTokenConnection = ConnectionOf(ApiToken);

export function toApiToken({ owner, limits, ...token }: StoredApiToken): ApiToken {
  return {
    id: token.id,
    ownerKind: owner.kind,
    ownerId: owner.id,
    name: token.name,
    permissions: limits.permissions ? [...limits.permissions] : null,
    engines: limits.engines ? [...limits.engines] : null,
    createdAt: toDateTime(token.createdAt),
    expiresAt: toDateTime(token.expiresAt),
    lastUsedAt: token.lastUsedAt === null ? null : toDateTime(token.lastUsedAt),
  };
}

/** What one's tokens are sorted by, ascending. */
export function apiTokenSortKey({ createdAt, id }: ApiToken): SortKey {
  return [Date.parse(createdAt), id];
}

/** @param dryRun the secret is that of no token then, and left out */
export function toCreatedApiToken({ token, secret }: MadeApiToken, dryRun = false): CreatedApiToken {
  return { ...toApiToken(token), token: dryRun ? '' : secret };
}

export function toApiTokenPage(page: Page<StoredApiToken>): Page<ApiToken> {
  return { ...page, items: page.items.map(toApiToken) };
}
