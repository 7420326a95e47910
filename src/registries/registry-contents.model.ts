import { Field, ObjectType } from '@nestjs/graphql';
import { ApiProperty } from '@nestjs/swagger';
import type { Type } from '@nestjs/common';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutObject,
  OutText,
  OutTextMap,
  OutTime,
} from '../common/output-fields.js';
import { PageInfo } from '../common/pagination.js';
import type { RemotePage } from './distribution/registry-lists.js';

export const MANIFEST_KINDS = ['image', 'index', 'artifact'] as const;
export type ManifestKind = (typeof MANIFEST_KINDS)[number];

@ObjectType({ description: 'A repository of a registry.' })
export class RegistryRepository {
  @OutText('Its name within the registry.')
  name!: string;

  @OutText('Its name as it stands in image references.')
  reference!: string;
}

@ObjectType({ description: 'A tag of a repository.' })
export class RegistryTag {
  @OutText('The tag.')
  name!: string;

  @OutText('The reference to pull it by.')
  reference!: string;
}

@ObjectType({ description: 'What an image runs on.' })
export class RegistryPlatform {
  @OutText('The operating system.')
  os!: string;

  @OutText('The processor architecture.')
  architecture!: string;

  @OutText('The variant of the architecture.', { nullable: true })
  variant!: string | null;

  @OutText('The version of the operating system.', { nullable: true })
  osVersion!: string | null;
}

@ObjectType({ description: 'A layer of an image as a registry keeps it: packed.' })
export class RegistryLayer {
  @OutText('Its digest.')
  digest!: string;

  @OutText('What it is.')
  mediaType!: string;

  @OutBigInteger('Its size in bytes.')
  size!: number;
}

@ObjectType({ description: 'An image that an index lists, for one platform.' })
export class RegistryIndexEntry {
  @OutText('Its digest, to inspect it by.')
  digest!: string;

  @OutText('What it is.')
  mediaType!: string;

  @OutBigInteger('The size of its manifest in bytes.')
  size!: number;

  @OutObject(() => RegistryPlatform, 'What it runs on; null where the index does not say.', {
    nullable: true,
  })
  platform!: RegistryPlatform | null;

  @OutTextMap('Its annotations.')
  annotations!: Record<string, string>;
}

@ObjectType({ description: 'What a tag or a digest stands for in a registry.' })
export class RegistryManifest {
  @OutText('The repository.')
  repository!: string;

  @OutText('The tag or digest that was asked for.')
  reference!: string;

  @OutText('The digest, reckoned from the content.')
  digest!: string;

  @OutText('The media type.')
  mediaType!: string;

  @OutChoice(MANIFEST_KINDS, 'An image, an index of images for several platforms, or something else.')
  kind!: ManifestKind;

  @OutText('What kind of artifact it is, where it says.', { nullable: true })
  artifactType!: string | null;

  @OutBigInteger('The size of the manifest itself in bytes.')
  manifestSize!: number;

  @OutBigInteger('What a pull transfers in bytes, without what is there already; null for an index.', {
    nullable: true,
  })
  size!: number | null;

  @OutObject(() => RegistryPlatform, 'What the image runs on; null for what is no image.', { nullable: true })
  platform!: RegistryPlatform | null;

  @OutTime('When the image was made, as it says itself; null where it does not.', { nullable: true })
  createdAt!: string | null;

  @OutObject(() => RegistryLayer, 'The layers of the image, lowest first. Empty for an index.', {
    list: true,
  })
  layers!: RegistryLayer[];

  @OutObject(() => RegistryIndexEntry, 'The images that an index lists. Empty for an image.', { list: true })
  images!: RegistryIndexEntry[];

  @OutTextMap('Its annotations.')
  annotations!: Record<string, string>;
}

@ObjectType({ description: 'What came of deleting a tag.' })
export class DeletedRegistryTag {
  @OutText('What the tag stood for.')
  digest!: string;

  @OutBoolean('Whether the image itself was deleted, with all tags that it had.')
  imageDeleted!: boolean;
}

/** The class of a page that a registry makes: it does not tell how many there are in all. */
function RemotePageOf<T extends object>(item: Type<T>) {
  class PageModel {
    @ApiProperty({ type: [item], description: 'The items of this page.' })
    items!: T[];

    @OutText('Give it as `after` to get the next page; null on the last.', { nullable: true })
    nextCursor!: string | null;
  }
  return PageModel;
}

function RemoteConnectionOf<T extends object>(item: Type<T>) {
  @ObjectType(`${item.name}Connection`, { description: `A page of a list of ${item.name} objects.` })
  class Connection {
    @Field(() => [item], { description: 'The items.' })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Where this page ends.' })
    pageInfo!: PageInfo;
  }
  return Connection;
}

export class RegistryRepositoryPage extends RemotePageOf(RegistryRepository) {}
export class RegistryTagPage extends RemotePageOf(RegistryTag) {}
export const RegistryRepositoryConnection = RemoteConnectionOf(RegistryRepository);
export const RegistryTagConnection = RemoteConnectionOf(RegistryTag);

export function toRemoteConnection<T>({ items, nextCursor }: RemotePage<T>) {
  return { nodes: items, pageInfo: { hasNextPage: nextCursor !== null, endCursor: nextCursor } };
}
