import { ObjectType } from '@nestjs/graphql';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutInteger,
  OutObject,
  OutText,
  OutTime,
} from '../common/output-fields.js';

export const VOLUME_FILE_KINDS = ['file', 'directory', 'symlink', 'hardLink', 'other'] as const;

@ObjectType({ description: 'A file or folder in a volume.' })
export class VolumeFile {
  @OutText('Its name, without the path.')
  name!: string;

  @OutText('Its path in the volume, which begins with a slash.')
  path!: string;

  @OutChoice(
    VOLUME_FILE_KINDS,
    'What it is. `hardLink`: another name of a file that was listed, or passed over, before.',
  )
  kind!: (typeof VOLUME_FILE_KINDS)[number];

  @OutBigInteger('Its size in bytes; 0 for all but files.')
  size!: number;

  @OutInteger('Its permissions as a number, with the set-id and sticky bits: 420 is 0644.')
  mode!: number;

  @OutBigInteger("Its owner's number; null where it was not asked of the archive.", { nullable: true })
  uid!: number | null;

  @OutBigInteger("Its group's number; null where it was not asked of the archive.", { nullable: true })
  gid!: number | null;

  @OutTime('When its content last changed.')
  modifiedAt!: string;

  @OutText('Where a link points; null for others.', { nullable: true })
  linkTarget!: string | null;
}

@ObjectType({ description: 'What is in a folder of a volume, by name.' })
export class VolumeFolder {
  @OutText('The path of the folder.')
  path!: string;

  @OutObject(() => VolumeFile, 'What is in it.', { list: true })
  items!: VolumeFile[];

  @OutText('Give it as `after` to go on; null where this was all.', { nullable: true })
  nextCursor!: string | null;

  @OutBoolean('Whether looking was given up, since there is too much in the folder below: this is not all.')
  truncated!: boolean;
}
