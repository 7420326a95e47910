import { ArgsType, ObjectType } from '@nestjs/graphql';
import { InBoolean } from './input-fields.js';
import { OutBoolean, OutInteger, OutText, OutTime } from './output-fields.js';

/** How far an answer from memory can be relied on. */
@ObjectType({ isAbstract: true })
export abstract class Freshness {
  @OutTime(
    'When memory was last compared whole with the engine. Since then it has followed every event, unless it is stale.',
  )
  syncedAt!: string;

  @OutBoolean('Whether the engine is away: this is what was known last.')
  stale!: boolean;

  @OutInteger('For how many seconds the engine has been away; null while it is there.', { nullable: true })
  staleSeconds!: number | null;
}

/** A list of what is followed in memory. */
@ObjectType({ isAbstract: true })
export abstract class FollowedList extends Freshness {
  @OutText(
    'Differs from that of an earlier list when something that you may see has changed. Compare it for equality only.',
  )
  revision!: string;
}

/** What reads from memory take besides. */
@ArgsType()
export class FreshQuery {
  @InBoolean({
    description:
      'Ask the engine instead of answering from memory, which is milliseconds behind it. Default: false.',
    optional: true,
    fromText: true,
  })
  fresh?: boolean;
}

/** Times in milliseconds since the epoch. */
export function toFreshness(
  { syncedAt, staleSince }: { syncedAt: number; staleSince: number | undefined },
  now = Date.now(),
): Freshness {
  return {
    syncedAt: new Date(syncedAt).toISOString(),
    stale: staleSince !== undefined,
    staleSeconds: staleSince === undefined ? null : Math.max(0, Math.round((now - staleSince) / 1_000)),
  };
}
