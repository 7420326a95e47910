import { ObjectType } from '@nestjs/graphql';
import { FollowedList, WithFreshness } from '../common/freshness.js';
import { OutJson, OutObject, OutText } from '../common/output-fields.js';
import { ConnectionOf } from '../common/pagination.js';
import { ServiceUse } from '../swarm/service-use.model.js';
import { OfSwarm } from '../swarm/swarm-object.model.js';

@ObjectType({ description: 'A config of a swarm, as lists tell of it: without its data.' })
export class Config extends OfSwarm {
  @OutText('The name.')
  name!: string;

  @OutText('What expands its data as a template in each container; null for nothing.', { nullable: true })
  templateDriver!: string | null;
}

@ObjectType({ description: 'A config, with all that is known of it.' })
export class ConfigDetails extends WithFreshness(Config) {
  @OutText('The data as base64; null for who may not read it, and for one that is only rehearsed.', {
    nullable: true,
  })
  data!: string | null;

  @OutText('The data as text; null where `data` is, and where it is no UTF-8.', { nullable: true })
  text!: string | null;

  @OutObject(
    () => ServiceUse,
    'The services that use it, as far as you may see them; null where you may see none at all.',
    { nullable: true, list: true },
  )
  usedBy!: ServiceUse[] | null;

  @OutJson(
    "The engine's own document, as ConfigInspect answers it, with data only for who may read it; null for one that is only rehearsed.",
    { nullable: true },
  )
  raw!: unknown;
}

/** A page of configs in GraphQL. */
export const ConfigConnection = ConnectionOf(Config, FollowedList);
