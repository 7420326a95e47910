import { ObjectType } from '@nestjs/graphql';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutInteger,
  OutObject,
  OutText,
} from '../common/output-fields.js';
import { PRUNE_KINDS, type PruneKind } from './prune.inputs.js';

@ObjectType({ description: 'Something that pruning removes, or found in use after all.' })
export class PruneItem {
  @OutChoice(PRUNE_KINDS, 'What it is.')
  kind!: PruneKind;

  @OutText('Its id; the name of a volume; empty for the build cache as a whole.')
  id!: string;

  @OutText('Its name; empty where it has none.')
  name!: string;

  @OutBigInteger(
    'How many bytes it takes; null where that is not known. Of an image also what it shares with others.',
    { nullable: true },
  )
  sizeBytes!: number | null;

  @OutBoolean('Whether it was removed.')
  removed!: boolean;

  @OutText('Why it was not removed; null where it was, and in a preview.', { nullable: true })
  reason!: string | null;
}

@ObjectType({ description: 'What pruning removed, or would remove.' })
export class SystemPruneReport {
  @OutBoolean('Whether it is a preview only.')
  dryRun!: boolean;

  @OutObject(() => PruneItem, 'What went, or would go, in that order.', { list: true })
  items!: PruneItem[];

  @OutInteger('How many were removed.')
  removedCount!: number;

  @OutBigInteger(
    'How many bytes that freed, or would free, at most: images may share what they take with others.',
  )
  spaceReclaimed!: number;
}
