import { ObjectType } from '@nestjs/graphql';
import { FollowedList, WithFreshness } from '../common/freshness.js';
import { OutJson, OutObject, OutText } from '../common/output-fields.js';
import { ConnectionOf } from '../common/pagination.js';
import { ServiceUse } from '../swarm/service-use.model.js';
import { OfSwarm } from '../swarm/swarm-object.model.js';

@ObjectType({ description: 'A secret of a swarm. Its data is never shown.' })
export class Secret extends OfSwarm {
  @OutText('The name.')
  name!: string;

  @OutText('The plugin that gives its data; null where the swarm keeps it.', { nullable: true })
  driver!: string | null;

  @OutText('What expands its data as a template in each container; null for nothing.', { nullable: true })
  templateDriver!: string | null;
}

@ObjectType({ description: 'A secret, with all that is known of it.' })
export class SecretDetails extends WithFreshness(Secret) {
  @OutObject(
    () => ServiceUse,
    'The services that use it, as far as you may see them; null where you may see none at all.',
    { nullable: true, list: true },
  )
  usedBy!: ServiceUse[] | null;

  @OutJson(
    "The engine's own document, as SecretInspect answers it, without the options of its driver; null for one that is only rehearsed.",
    { nullable: true },
  )
  raw!: unknown;
}

/** A page of secrets in GraphQL. */
export const SecretConnection = ConnectionOf(Secret, FollowedList);
