import { ArgsType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InText } from '../common/input-fields.js';

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

const PAUSE =
  'Whether to pause the containers that run with the volume meanwhile; that needs `containers:pause` and `containers:unpause` on each. Default: false.';

/** The query of `GET …/backup`. */
export class BackupQuery {
  @InChoice({
    description: 'How to compress the archive. Default `none`.',
    values: COMPRESSIONS,
    optional: true,
  })
  compression?: Compression;

  @InBoolean({ description: PAUSE, optional: true, fromText: true })
  pause?: boolean;
}

export const RESTORE_MODES = ['new', 'replace'] as const;

/** The query of `PUT …/restore`. */
export class RestoreQuery {
  @InChoice({
    description:
      '`new` (default): into a volume that is made for it; there must be none of this name. `replace`: instead of what is in the volume.',
    values: RESTORE_MODES,
    optional: true,
  })
  mode?: (typeof RESTORE_MODES)[number];

  @InText({
    description: 'The SHA-256 that the archive must have as it is sent, in hexadecimal digits.',
    min: 64,
    max: 64,
    pattern: /^[0-9a-fA-F]{64}$/,
    patternHint: '64 hexadecimal digits',
    optional: true,
  })
  sha256?: string;

  @InBoolean({ description: PAUSE, optional: true, fromText: true })
  pause?: boolean;
}

const PATH = {
  description: 'The path in the volume, which begins with a slash.',
  max: 4_096,
  min: 1,
  pattern: /^(?!.*\/\.\.(\/|$))\/.*$/,
  patternHint: 'an absolute path without ".."',
  example: '/data/settings.json',
} as const;

/** Names something in a volume. */
@ArgsType()
export class VolumeFileQuery {
  @InText(PATH)
  path!: string;
}

export const MOST_FILES = 1_000;

/** The query of `GET …/files`, and the arguments of GraphQL's `volumeFiles`. */
@ArgsType()
export class VolumeFolderQuery {
  @InText({ ...PATH, description: 'The path of the folder. Default `/`.', optional: true })
  path?: string;

  @InInteger({
    description: `How many to answer with, at most ${MOST_FILES}. Default 100.`,
    min: 1,
    max: MOST_FILES,
    optional: true,
    fromText: true,
  })
  limit?: number;

  @InText({ description: 'The `nextCursor` of the answer before.', max: 512, optional: true })
  after?: string;
}

const LARGEST_ID = 2 ** 32 - 2;

/** The query of `PUT …/files/content`. */
export class UploadFileQuery extends VolumeFileQuery {
  @InInteger({
    description: 'Its permissions as a number: 420 is 0644, which is the default.',
    min: 0,
    max: 0o7777,
    optional: true,
    fromText: true,
  })
  mode?: number;

  @InInteger({
    description: "Its owner's number. Default 0.",
    min: 0,
    max: LARGEST_ID,
    optional: true,
    fromText: true,
  })
  uid?: number;

  @InInteger({
    description: "Its group's number. Default 0.",
    min: 0,
    max: LARGEST_ID,
    optional: true,
    fromText: true,
  })
  gid?: number;
}
