import { ObjectType } from '@nestjs/graphql';
import {
  OutBigInteger,
  OutChoice,
  OutInteger,
  OutText,
  OutTextMap,
  OutTime,
} from '../common/output-fields.js';

@ObjectType({ description: 'How a container ended that was waited for.' })
export class ContainerWaitResult {
  @OutInteger('The exit code.')
  exitCode!: number;

  @OutText('What went wrong while waiting; null where nothing did.', { nullable: true })
  error!: string | null;
}

@ObjectType({ description: 'What came of changing a container.' })
export class ContainerUpdateResult {
  @OutText('What the engine remarked.', { list: true })
  warnings!: string[];
}

@ObjectType({ description: 'The processes in a container.' })
export class ContainerProcesses {
  @OutText('The columns, in the order of ps(1).', { list: true })
  titles!: string[];

  @OutTextMap('Each process: its values by column.', { list: true })
  processes!: Record<string, string>[];
}

export const CHANGE_KINDS = ['modified', 'added', 'deleted'] as const;

@ObjectType({ description: 'A path that differs from the image of the container.' })
export class FilesystemChange {
  @OutText('The path in the container.')
  path!: string;

  @OutChoice(CHANGE_KINDS, 'What happened to it.')
  kind!: (typeof CHANGE_KINDS)[number];
}

@ObjectType({ description: 'What pruning removed.' })
export class PruneResult {
  @OutText('The ids of what was removed.', { list: true })
  deletedIds!: string[];

  @OutBigInteger('Bytes of disk that were freed.')
  spaceReclaimed!: number;
}

@ObjectType({ description: 'The image made of a container.' })
export class CommitResult {
  @OutText('The id of the new image.')
  imageId!: string;
}

export const FILE_KINDS = ['file', 'directory', 'symlink', 'other'] as const;

@ObjectType({ description: 'A file or folder in a container.' })
export class ArchiveStat {
  @OutText('Its name, without the path.')
  name!: string;

  @OutChoice(FILE_KINDS, 'What it is.')
  kind!: (typeof FILE_KINDS)[number];

  @OutBigInteger('Its size in bytes.')
  size!: number;

  @OutInteger('Its permissions as a number, with the set-id and sticky bits: 420 is 0644.')
  mode!: number;

  @OutTime('When its content last changed.')
  modifiedAt!: string;

  @OutText('Where a symbolic link points, within the container; null for others.', { nullable: true })
  linkTarget!: string | null;
}
