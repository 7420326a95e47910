import { ArgsType } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { InBoolean, InInteger, InText } from '../common/input-fields.js';
import { InContainerReference, InEngineName } from '../common/references.js';
import { InPointInTime } from './engine-time.js';

const FLAG = { optional: true, fromText: true } as const;

/** Which log lines to read, of whatever has a log. */
@ArgsType()
export class LogLinesQuery {
  @InBoolean({ description: 'Whether to go on with new lines as they come. Default false.', ...FLAG })
  follow?: boolean;

  @Transform(({ value }) => (value === 'all' ? undefined : (value as unknown)))
  @InInteger({
    description: 'How many of the last lines to begin with. Default: all, by REST also as `all`.',
    min: 0,
    max: 1_000_000,
    ...FLAG,
  })
  tail?: number;

  @InPointInTime('Only lines written since then.')
  since?: string;

  @InBoolean({
    description: 'Whether each line carries the time it was written. Default true; as plain text false.',
    ...FLAG,
  })
  timestamps?: boolean;

  @InBoolean({ description: 'Whether to read output. Default true.', ...FLAG })
  stdout?: boolean;

  @InBoolean({ description: 'Whether to read error output. Default true.', ...FLAG })
  stderr?: boolean;
}

/** The query of a container's `GET …/logs`. */
@ArgsType()
export class LogsQuery extends LogLinesQuery {
  @InPointInTime('Only lines written before then.')
  until?: string;
}

/** The arguments of GraphQL's `containerLogs`. */
@ArgsType()
export class ContainerLogsArgs extends LogsQuery {
  @InEngineName()
  engine!: string;

  @InContainerReference()
  id!: string;
}

/** The query of `GET …/stats`. */
export class StatsQuery {
  @InBoolean({
    description:
      'Whether to go on with a sample each second. Default true; false is one sample, with its rates.',
    ...FLAG,
  })
  stream?: boolean;
}

/** The query of `GET` and `HEAD …/archive`. */
export class ArchiveQuery {
  @InText({
    description: 'The absolute path in the container.',
    max: 4_096,
    min: 1,
    pattern: /^\/.*$/,
    patternHint: 'an absolute path',
    example: '/etc/hostname',
  })
  path!: string;
}

/** The query of `PUT …/archive`. The path is that of the folder to unpack into. */
export class PutArchiveQuery extends ArchiveQuery {
  @InBoolean({
    description: 'Whether to fail where a folder would replace a file, or a file a folder.',
    ...FLAG,
  })
  noOverwriteDirNonDir?: boolean;

  @InBoolean({
    description: "Whether files get the owner that they have in the archive's user namespace.",
    ...FLAG,
  })
  copyUIDGID?: boolean;
}
