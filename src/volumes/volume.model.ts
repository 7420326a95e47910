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

@ObjectType({ description: 'A volume, as lists tell of it.' })
export class Volume {
  @OutText('The name of the engine.')
  engine!: string;

  @OutText('What it is known by: its name.')
  id!: string;

  @OutText('The name.')
  name!: string;

  @OutText('The volume driver.')
  driver!: string;

  @OutText('Where it is on the host; empty where you may not read its options, or the driver does not tell.')
  mountpoint!: string;

  @OutText('`local` to this engine, or `global` to its cluster.')
  scope!: string;

  @OutTextMap('Labels.')
  labels!: Record<string, string>;

  @OutTextMap('Options of the driver; null where you may not read them.', { nullable: true })
  driverOptions!: Record<string, string> | null;

  @OutTime('When it was created; null where the driver does not tell.', { nullable: true })
  createdAt!: string | null;
}

@ObjectType({ description: 'A container that has a volume.' })
export class VolumeUser {
  @OutText('The full id of the container.')
  containerId!: string;

  @OutText('The name of the container.')
  name!: string;

  @OutText('The state of the container.')
  state!: string;

  @OutText('The path in the container.')
  target!: string;

  @OutBoolean('Whether the container may only read.')
  readOnly!: boolean;
}

@ObjectType({ description: 'A volume, with all that is known of it.' })
export class VolumeDetails extends WithFreshness(Volume) {
  @OutObject(
    () => VolumeUser,
    'The containers that have it, running or not, as far as you may see them; null where you may see none at all.',
    { nullable: true, list: true },
  )
  inUseBy!: VolumeUser[] | null;

  @OutJson('What the driver tells of its state; null where it tells nothing.', { nullable: true })
  status!: object | null;

  @OutJson('What the cluster tells of it; null for a volume of one engine.', { nullable: true })
  cluster!: object | null;

  @OutJson("The engine's own document, as VolumeInspect answers it, without what you may not read.", {
    nullable: true,
  })
  raw!: unknown;
}

/** A page of volumes in GraphQL. */
export const VolumeConnection = ConnectionOf(Volume, FollowedList);

@ObjectType({ description: 'What pruning removed.' })
export class VolumePruneResult {
  @OutText('The names of the volumes that were removed.', { list: true })
  deleted!: string[];
}

@ObjectType({ description: 'What was written into a volume.' })
export class VolumeRestoreResult {
  @OutText('The name of the volume.')
  volume!: string;

  @OutText('The SHA-256 of the archive as it came, in hexadecimal digits.')
  sha256!: string;

  @OutBigInteger('How many files, folders and links there were.')
  entries!: number;

  @OutBigInteger('Bytes of the archive as it came.')
  bytes!: number;

  @OutText('Names of the containers that run with the volume, as far as you may see them.', { list: true })
  inUseBy!: string[];
}
