import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InObject, InText } from '../common/input-fields.js';
import { InEnvironment, InImageReference } from '../containers/container-fields.js';
import { PORT_PROTOCOLS, PUBLISH_MODES } from './service-words.js';

@InputType({ description: 'A port of a service that is reached from outside (`EndpointSpec.Ports`).' })
export class ServicePortInput {
  @InText({ description: 'A name for it.', max: 255, optional: true })
  name?: string;

  @InInteger({ description: 'The port in the containers.', min: 1, max: 65_535, example: 80 })
  containerPort!: number;

  @InInteger({
    description: 'The port on the nodes. Left out or 0: the swarm chooses a free one.',
    min: 0,
    max: 65_535,
    optional: true,
    example: 8080,
  })
  publishedPort?: number;

  @InChoice({ description: 'The protocol. Default `tcp`.', values: PORT_PROTOCOLS, optional: true })
  protocol?: (typeof PORT_PROTOCOLS)[number];

  @InChoice({
    description:
      '`ingress` (default): on every node, by the swarm’s own network. `host`: on nodes with a task.',
    values: PUBLISH_MODES,
    optional: true,
  })
  publishMode?: (typeof PUBLISH_MODES)[number];
}

@InputType({ description: 'Something that a plugin is allowed on the hosts.' })
export class ServicePluginPrivilegeInput {
  @InText({ description: 'What it is, such as `network` or `mount`.', max: 255, min: 1 })
  name!: string;

  @InText({ description: 'What it is for.', max: 4_096, optional: true })
  description?: string;

  @InText({ description: 'Which.', max: 4_096, list: { max: 256 }, optional: true })
  values?: string[];
}

@InputType({
  description: 'A plugin that the tasks are instead of containers (`PluginSpec`). Experimental engines.',
})
export class ServicePluginInput {
  @InText({ description: 'The name that it gets on each engine.', max: 255, min: 1 })
  name!: string;

  @InImageReference('The plugin in its registry.')
  remote!: string;

  @InBoolean({ description: 'Whether it stays switched off.', optional: true })
  disabled?: boolean;

  @InObject(() => ServicePluginPrivilegeInput, {
    description: 'What it is allowed: all that it asks for.',
    list: { max: 64 },
    optional: true,
  })
  privileges?: ServicePluginPrivilegeInput[];

  @InEnvironment('Environment variables of the plugin.')
  env?: string[];
}
