import { ObjectType } from '@nestjs/graphql';
import { OutBoolean, OutObject, OutText } from '../common/output-fields.js';

@ObjectType({ description: 'A privilege that a plugin asks for.' })
export class PluginPrivilege {
  @OutText('What it is, such as `network` or `capabilities`.')
  name!: string;

  @OutText('What it is for.')
  description!: string;

  @OutText('Its values, such as `host`.', { list: true })
  value!: string[];
}

@ObjectType({ description: 'An environment variable of a plugin.' })
export class PluginVariable {
  @OutText('What it is called.')
  name!: string;

  @OutText('Its value; null without the permission `plugins:readEnvironment`.', { nullable: true })
  value!: string | null;

  @OutText('What it is for; empty where it is not told.')
  description!: string;

  @OutBoolean('Whether it can be configured.')
  settable!: boolean;
}

@ObjectType({
  description: 'A plugin of an engine. It runs on the host with the privileges that it asked for.',
})
export class Plugin {
  @OutText('The id of the plugin.')
  id!: string;

  @OutText('What it is called.')
  name!: string;

  @OutText('Where it came from; empty where it was made here.')
  reference!: string;

  @OutText('What it is for.')
  description!: string;

  @OutBoolean('Whether it runs.')
  enabled!: boolean;

  @OutText('What it offers, such as `docker.volumedriver/1.0`.', { list: true })
  interfaces!: string[];

  @OutObject(() => PluginVariable, 'Its environment variables.', { list: true })
  environment!: PluginVariable[];

  @OutText('Its arguments; empty without the permission `plugins:readEnvironment`.', { list: true })
  args!: string[];

  @OutObject(() => PluginPrivilege, 'What it may do on the host.', { list: true })
  privileges!: PluginPrivilege[];
}
