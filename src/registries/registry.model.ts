import { ObjectType } from '@nestjs/graphql';
import { toDateTime } from '../common/date-time.js';
import type { ErrorKind } from '../common/errors.js';
import { OutBoolean, OutText, OutTime } from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import { AUTHENTICATION_KINDS, type AuthenticationKind } from './distribution/registry-session.js';
import type { StoredRegistry } from './registry-store.service.js';

@ObjectType({
  description: 'An image registry, with what is stored to sign in to it. Its password is never shown.',
})
export class Registry {
  @OutText('Its id.')
  id!: string;

  @OutText('What people call it.')
  name!: string;

  @OutText('Its host, with the port where that is not the usual one. `docker.io` for Docker Hub.')
  address!: string;

  @OutBoolean('Whether it is reached without TLS.')
  insecure!: boolean;

  @OutText('The user to sign in as; null for a registry without credentials.', { nullable: true })
  username!: string | null;

  @OutBoolean('Whether there are credentials.')
  hasCredentials!: boolean;

  @OutText("Authorities that may have signed its certificate besides the system's own, as PEM.", {
    nullable: true,
  })
  ca!: string | null;

  @OutBoolean('Whether it is the one to use for its host where none is named.')
  isDefault!: boolean;

  @OutTime('When it was stored.')
  createdAt!: string;

  @OutTime('When it was last changed.')
  updatedAt!: string;
}

@ObjectType({ description: 'What came of signing in to a registry.' })
export class RegistryTest {
  @OutBoolean('Whether the registry answers, and lets in.')
  ok!: boolean;

  @OutText(
    `How the registry wanted to be signed in to: ${AUTHENTICATION_KINDS.join(', ')}. Null where it did not get so far.`,
    { nullable: true },
  )
  authentication!: AuthenticationKind | null;

  @OutText('What kind of problem there is: the `code` of a problem. Null where there is none.', {
    nullable: true,
  })
  errorCode!: ErrorKind | null;

  @OutText('What the problem is, in words; null where there is none.', { nullable: true })
  message!: string | null;
}

export class RegistryPage extends PageOf(Registry) {}
export const RegistryConnection = ConnectionOf(Registry);

export function toRegistry(stored: StoredRegistry): Registry {
  const { id, name, address, insecure, username, ca, isDefault, createdAt, updatedAt } = stored;
  return {
    id,
    name,
    address,
    insecure,
    username,
    hasCredentials: username !== null,
    ca,
    isDefault,
    createdAt: toDateTime(createdAt),
    updatedAt: toDateTime(updatedAt),
  };
}

/** What registries are sorted by, ascending. */
export function registrySortKey({ name, id }: Registry): SortKey {
  return [name, id];
}
