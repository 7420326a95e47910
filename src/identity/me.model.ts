import { ObjectType } from '@nestjs/graphql';
import type { Actor } from '../common/actor.js';
import { toDateTime } from '../common/date-time.js';
import { OutChoice, OutText, OutTime } from '../common/output-fields.js';

@ObjectType({ description: 'Who you are, and with what you signed in.' })
export class Me {
  @OutChoice(['user', 'serviceAccount', 'system'], 'What you are.')
  kind!: Actor['kind'];

  @OutText('Your id.')
  id!: string;

  @OutText('Your username, or the name of the service account.')
  name!: string;

  @OutText('The ids of your teams.', { list: true })
  teamIds!: string[];

  @OutText('The API token in use; null in a session.', { nullable: true })
  tokenId!: string | null;

  @OutText('What the API token in use is limited to; null for all that you may.', {
    nullable: true,
    list: true,
  })
  permissions!: string[] | null;

  @OutText('Engines that the API token in use is limited to; null for all.', { nullable: true, list: true })
  engines!: string[] | null;

  @OutTime('When the token in use ends; null for never.', { nullable: true })
  expiresAt!: string | null;
}

export function toMe({ kind, id, name, teamIds, tokenId, limits, expiresAt }: Actor): Me {
  return {
    kind,
    id,
    name,
    teamIds: [...teamIds],
    tokenId: tokenId ?? null,
    permissions: limits?.permissions ? [...limits.permissions] : null,
    engines: limits?.engines ? [...limits.engines] : null,
    expiresAt: expiresAt === undefined ? null : toDateTime(expiresAt),
  };
}
