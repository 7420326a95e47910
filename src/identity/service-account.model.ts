import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import { OutBoolean, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, type Page, PageOf, type SortKey } from '../common/pagination.js';
import type { StoredServiceAccount } from './service-accounts.service.js';

@ObjectType({
  description:
    'A program that is somebody of its own: with role bindings and API tokens, without a password.',
})
export class ServiceAccount {
  @OutText('Its id.')
  id!: string;

  @OutText('Its name, in lower case.')
  name!: string;

  @OutText('What it is for.')
  description!: string;

  @OutBoolean('Whether its API tokens are refused.')
  disabled!: boolean;

  @OutTime('When it was created.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

export class ServiceAccountPage extends PageOf(ServiceAccount) {}

/** A page of service accounts in GraphQL. */
export const ServiceAccountConnection = ConnectionOf(ServiceAccount);

export function toServiceAccountModel(stored: StoredServiceAccount): ServiceAccount {
  const { id, name, description, disabled, createdAt, updatedAt } = stored;
  const times = { createdAt: toDateTime(createdAt), updatedAt: toDateTime(updatedAt) };
  return { id, name, description, disabled, ...times };
}

export function toServiceAccountPage(page: Page<StoredServiceAccount>): Page<ServiceAccount> {
  return { ...page, items: page.items.map(toServiceAccountModel) };
}

/** What service accounts are sorted by, ascending. */
export function serviceAccountSortKey({ name, id }: ServiceAccount): SortKey {
  return [name, id];
}
