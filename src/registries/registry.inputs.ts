import { ArgsType, InputType } from '@nestjs/graphql';
import { IMAGE_DIGEST, IMAGE_TAG, REGISTRY_HOST, REPOSITORY_PATH } from '../common/image-reference.js';
import { InBoolean, InInteger, InText } from '../common/input-fields.js';
import { InId } from '../identity/id-field.js';

const MAX_REMOTE_PAGE = 500;
const MAX_REMOTE_CURSOR = 4_096;

const NAME = {
  description: 'What people call it.',
  min: 1,
  max: 64,
  pattern: /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/,
  patternHint: 'lower-case letters, digits, ".", "_" and "-"',
  example: 'team-registry',
} as const;
const ADDRESS = {
  description:
    'Its host, with the port where that is not the usual one, as it stands in image references. `docker.io` for Docker Hub.',
  min: 1,
  max: 255,
  pattern: REGISTRY_HOST,
  patternHint: 'a host with perhaps a port, such as registry.example.com:5000, without a scheme or path',
  example: 'registry.example.com:5000',
} as const;
const INSECURE = {
  description: 'Whether it is reached without TLS: passwords and images can be read and changed on the way.',
  optional: true,
} as const;
const USERNAME = {
  description: 'The user to sign in as. Together with `password`, or not at all.',
  min: 1,
  max: 255,
  pattern: /^[^:]*$/,
  patternHint: 'a user name, without ":"',
  optional: true,
  example: 'ci',
} as const;
const PASSWORD = {
  description: 'The password, or an access token that stands for one. Kept encrypted and never shown again.',
  min: 1,
  max: 8_192,
  optional: true,
} as const;
const CA = {
  description: "Authorities that may have signed its certificate besides the system's own, as PEM.",
  max: 65_536,
  multiline: true,
  optional: true,
} as const;
const IS_DEFAULT =
  'Whether it is the one to use for its host where none is named; another one stops being it then.';

@InputType({ description: 'A registry to store, with or without credentials.' })
export class CreateRegistryInput {
  @InText(NAME)
  name!: string;

  @InText(ADDRESS)
  address!: string;

  @InBoolean({ ...INSECURE, description: `${INSECURE.description} Default: false.` })
  insecure?: boolean;

  @InText(USERNAME)
  username?: string;

  @InText(PASSWORD)
  password?: string;

  @InText(CA)
  ca?: string;

  @InBoolean({ description: `${IS_DEFAULT} Default: if its host has no other default.`, optional: true })
  isDefault?: boolean;
}

@InputType({
  description:
    'What to change of a registry; what is left out stays. Where `address`, `insecure` or `ca` change, the stored credentials are dropped: give them again.',
})
export class UpdateRegistryInput {
  @InText({ ...NAME, optional: true })
  name?: string;

  @InText({ ...ADDRESS, optional: true })
  address?: string;

  @InBoolean(INSECURE)
  insecure?: boolean;

  @InText(USERNAME)
  username?: string;

  @InText(PASSWORD)
  password?: string;

  @InBoolean({ description: 'True takes the stored credentials away.', optional: true })
  anonymous?: boolean;

  @InText({ ...CA, description: `${CA.description} The empty text takes them away.` })
  ca?: string;

  @InBoolean({ description: IS_DEFAULT, optional: true })
  isDefault?: boolean;
}

/** What the path `/registries/{id}` carries. */
@ArgsType()
export class RegistryPath {
  @InId('The id of the registry.')
  id!: string;
}

const PAGE_SIZE = {
  description: `How many items to answer with, at most ${MAX_REMOTE_PAGE}. Default 100.`,
  min: 1,
  max: MAX_REMOTE_PAGE,
  optional: true,
} as const;
const AFTER = {
  description: 'The cursor of the page before.',
  max: MAX_REMOTE_CURSOR,
  optional: true,
} as const;
const REPOSITORY = {
  description: 'The repository, without the registry.',
  min: 1,
  max: 255,
  pattern: REPOSITORY_PATH,
  patternHint: 'a repository such as team/app',
  example: 'team/app',
} as const;

/** What lists take by REST whose pages the registry makes. */
export class RegistryPageQuery {
  @InInteger({ ...PAGE_SIZE, fromText: true })
  limit?: number;

  @InText({ ...AFTER, description: 'The `nextCursor` of the page before.' })
  after?: string;
}

export class RegistryTagsQuery extends RegistryPageQuery {
  @InText(REPOSITORY)
  repository!: string;
}

/** The same by GraphQL. */
@ArgsType()
export class RegistryConnectionArgs extends RegistryPath {
  @InInteger(PAGE_SIZE)
  first?: number;

  @InText({ ...AFTER, description: 'The `endCursor` of the page before.' })
  after?: string;
}

@ArgsType()
export class RegistryTagsArgs extends RegistryConnectionArgs {
  @InText(REPOSITORY)
  repository!: string;
}

const REFERENCE = {
  description: 'A tag, or a digest.',
  min: 1,
  max: 300,
  pattern: new RegExp(`${IMAGE_TAG.source}|${IMAGE_DIGEST.source}`),
  patternHint: 'a tag such as v1, or a digest such as sha256:…',
  example: 'latest',
} as const;
const TAG = {
  description: 'The tag.',
  min: 1,
  max: 128,
  pattern: IMAGE_TAG,
  patternHint: 'a tag: letters, digits, "_", "." and "-"',
  example: 'v1',
} as const;
const WITH_OTHERS = {
  description:
    'Whether to delete the image itself with all tags that it has, where the registry can not delete one tag alone. Default: false, and it is a conflict if there are others.',
  optional: true,
} as const;

export class RegistryManifestQuery {
  @InText(REPOSITORY)
  repository!: string;

  @InText(REFERENCE)
  reference!: string;
}

@ArgsType()
export class RegistryManifestArgs extends RegistryPath {
  @InText(REPOSITORY)
  repository!: string;

  @InText(REFERENCE)
  reference!: string;
}

export class DeleteRegistryTagQuery {
  @InText(REPOSITORY)
  repository!: string;

  @InText(TAG)
  tag!: string;

  @InBoolean({ ...WITH_OTHERS, fromText: true })
  withOtherTags?: boolean;
}

@ArgsType()
export class DeleteRegistryTagArgs extends RegistryPath {
  @InText(REPOSITORY)
  repository!: string;

  @InText(TAG)
  tag!: string;

  @InBoolean(WITH_OTHERS)
  withOtherTags?: boolean;
}
