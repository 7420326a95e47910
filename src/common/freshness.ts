import type { Type } from '@nestjs/common';
import { ArgsType, ObjectType } from '@nestjs/graphql';
import { InBoolean } from './input-fields.js';
import { OutBoolean, OutInteger, OutText, OutTime } from './output-fields.js';

/** The class of what `base` tells, and of how far it can be relied on as an answer from memory. */
export function WithFreshness<B extends object>(base: Type<B>) {
  @ObjectType({ isAbstract: true })
  class Followed extends (base as Type<object>) {
    @OutTime(
      'When memory was last compared whole with the engine. Since then it has followed every event, unless it is stale.',
    )
    syncedAt!: string;

    @OutBoolean('Whether the engine is away: this is what was known last.')
    stale!: boolean;

    @OutInteger('For how many seconds the engine has been away; null while it is there.', { nullable: true })
    staleSeconds!: number | null;
  }
  return Followed as Type<Followed & B>;
}

/** How far an answer from memory can be relied on. */
@ObjectType({ isAbstract: true })
export abstract class Freshness extends WithFreshness(Object) {}

/** A list of what is followed in memory. */
@ObjectType({ isAbstract: true })
export abstract class FollowedList extends Freshness {
  @OutText(
    'Differs from that of an earlier list when something that you may see has changed. Compare it for equality only.',
  )
  revision!: string;
}

/** The input field by which memory is passed over. */
export const InFresh = (): PropertyDecorator =>
  InBoolean({
    description:
      'Ask the engine instead of answering from memory, which is milliseconds behind it. Default: false.',
    optional: true,
    fromText: true,
  });

/** What reads from memory take besides. */
@ArgsType()
export class FreshQuery {
  @InFresh()
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
