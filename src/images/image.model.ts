import { ObjectType } from '@nestjs/graphql';
import { FollowedList, WithFreshness } from '../common/freshness.js';
import {
  OutBigInteger,
  OutBoolean,
  OutJson,
  OutObject,
  OutText,
  OutTextMap,
  OutTime,
} from '../common/output-fields.js';
import { ConnectionOf } from '../common/pagination.js';

@ObjectType({ description: 'An image of an engine, as lists tell of it.' })
export class Image {
  @OutText('The name of the engine.')
  engine!: string;

  @OutText('The full id: `sha256:` and 64 hexadecimal digits.')
  id!: string;

  @OutText('Its names with tags, such as `team/app:v1`; those only that the engine has.', { list: true })
  tags!: string[];

  @OutText('Its names with digests, as registries know it: `team/app@sha256:…`.', { list: true })
  digests!: string[];

  @OutTextMap('Labels.')
  labels!: Record<string, string>;

  @OutTime('When it was built; null where it does not tell.', { nullable: true })
  createdAt!: string | null;

  @OutBigInteger('Bytes of all its layers, also of those that other images share.')
  size!: number;

  @OutText('The architecture that it is for, such as `amd64`; empty where it does not tell.')
  architecture!: string;

  @OutText('The operating system that it is for, such as `linux`.')
  os!: string;

  @OutText('The variant of the architecture, such as `v8`; empty for most.')
  variant!: string;

  @OutBoolean('Whether it has no name with a tag.')
  dangling!: boolean;
}

@ObjectType({ description: 'A container that was made of an image.' })
export class ImageUser {
  @OutText('The full id of the container.')
  containerId!: string;

  @OutText('The name of the container.')
  name!: string;

  @OutText('The state of the container.')
  state!: string;
}

@ObjectType({ description: 'An image, with all that the engine knows of it.' })
export class ImageDetails extends WithFreshness(Image) {
  @OutObject(
    () => ImageUser,
    'The containers made of it, running or not, as far as you may see them; null where you may see none at all.',
    { nullable: true, list: true },
  )
  usedBy!: ImageUser[] | null;

  @OutText('What it was built upon, where the engine still knows; null elsewhere.', { nullable: true })
  parentId!: string | null;

  @OutText('Who made it, as it says itself; empty where it does not.')
  author!: string;

  @OutText('What was remarked when it was made.')
  comment!: string;

  @OutText('What arguments are given to.', { list: true })
  entrypoint!: string[];

  @OutText('The command of containers that bring none.', { list: true })
  command!: string[];

  @OutText(
    'Environment variables, each NAME=value; null where there are none, and for who may not read them.',
    { list: true, nullable: true },
  )
  env!: string[] | null;

  @OutText('The folder that commands start in; empty for the root.')
  workingDir!: string;

  @OutText('The user that processes run as; empty for root.')
  user!: string;

  @OutText('The ports that it says to listen on, such as `80/tcp`.', { list: true })
  exposedPorts!: string[];

  @OutText('The paths for which containers get a volume unless told otherwise.', { list: true })
  volumes!: string[];

  @OutText('The signal that stops its containers; empty for the usual one.')
  stopSignal!: string;

  @OutText('The digests of its layers, unpacked; the lowest first.', { list: true })
  layers!: string[];

  @OutJson("The engine's own document, as ImageInspect answers it, without what you may not read.", {
    nullable: true,
  })
  raw!: unknown;
}

/** A page of images in GraphQL. */
export const ImageConnection = ConnectionOf(Image, FollowedList);
