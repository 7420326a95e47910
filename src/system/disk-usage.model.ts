import { ObjectType } from '@nestjs/graphql';
import { OutBigInteger, OutChoice, OutInteger, OutObject, OutTime } from '../common/output-fields.js';

export const USAGE_KINDS = ['images', 'containers', 'volumes', 'buildCache'] as const;
export const USAGE_SCOPES = ['engine', 'visible'] as const;

@ObjectType({ description: 'What one kind of objects takes of the disk.' })
export class DiskUsageOfKind {
  @OutChoice(USAGE_KINDS, 'What kind.')
  kind!: (typeof USAGE_KINDS)[number];

  @OutInteger('How many there are.')
  count!: number;

  @OutInteger('How many of them are in use; null where that is not known.', { nullable: true })
  active!: number | null;

  @OutBigInteger('How many bytes they take; null where that is not known.', { nullable: true })
  sizeBytes!: number | null;

  @OutBigInteger(
    'How many bytes would be free if those that are not in use were removed; null where that is not known.',
    { nullable: true },
  )
  reclaimableBytes!: number | null;
}

@ObjectType({ description: 'What an engine takes of its disk.' })
export class DiskUsage {
  @OutChoice(
    USAGE_SCOPES,
    'engine: all there is. visible: what you may see only, which takes no part of what is shared with others into account.',
  )
  scope!: (typeof USAGE_SCOPES)[number];

  @OutTime('When it was measured; at most 10 seconds ago.')
  measuredAt!: string;

  @OutObject(() => DiskUsageOfKind, 'By kind.', { list: true })
  kinds!: DiskUsageOfKind[];

  @OutBigInteger('How many bytes of it could be reclaimed, as far as that is known.')
  reclaimableBytes!: number;
}
