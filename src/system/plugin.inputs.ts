import { ArgsType, InputType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InBoolean, InInteger, InObject, InText, InTextMap } from '../common/input-fields.js';
import { InPluginReference } from './system-paths.js';

@InputType({ description: 'A privilege that a plugin asks for, as it was shown and accepted.' })
export class PluginPrivilegeInput {
  @InText({ description: 'What it is, such as `network` or `capabilities`.', max: 128, min: 1 })
  name!: string;

  @InText({ description: 'Its values, such as `host`.', max: 1_024, list: { max: 256 } })
  value!: string[];
}

const ACCEPTED = {
  description:
    'All privileges that it asks for, as they were shown: only then it is installed. What is not among them is refused.',
  list: { max: 64 },
} as const;

@InputType({ description: 'A plugin to install.' })
export class InstallPluginInput {
  @InPluginReference('Where it is: `[host[:port]/]path[:tag]`.')
  reference!: string;

  @InPluginReference('What to call it. Default: `reference`.', { optional: true })
  name?: string;

  @InObject(() => PluginPrivilegeInput, ACCEPTED)
  privileges!: PluginPrivilegeInput[];

  @InTextMap({
    description: 'Values of settings to configure before it is enabled.',
    maxEntries: 100,
    maxKey: 255,
    maxValue: 4_096,
    optional: true,
  })
  settings?: Record<string, string>;

  @InBoolean({ description: 'Whether to enable it once it is there. Default: true.', optional: true })
  enable?: boolean;
}

@InputType({ description: 'What to upgrade a plugin to. It has to be disabled.' })
export class UpgradePluginInput {
  @InPluginReference('Where the new one is: `[host[:port]/]path[:tag]`.')
  reference!: string;

  @InObject(() => PluginPrivilegeInput, ACCEPTED)
  privileges!: PluginPrivilegeInput[];
}

@InputType({ description: 'Settings of a plugin. It has to be disabled.' })
export class ConfigurePluginInput {
  @InTextMap({
    description:
      'Values by the names of settings: of environment variables, `args`, `NAME.source` of mounts and `NAME.path` of devices.',
    maxEntries: 100,
    maxKey: 255,
    maxValue: 4_096,
  })
  settings!: Record<string, string>;
}

@ArgsType()
export class EnablePluginInput {
  @InInteger({
    description: 'For how many seconds to wait for it to answer. Default: 30.',
    min: 0,
    max: 3_600,
    optional: true,
    fromText: true,
  })
  timeoutSeconds?: number;
}

@ArgsType()
export class ForcePluginInput {
  @InBoolean({ description: 'Also while it is in use. Default: false.', optional: true, fromText: true })
  force?: boolean;
}

@ArgsType()
export class PluginPrivilegesQuery {
  @InPluginReference('Where it is: `[host[:port]/]path[:tag]`.')
  reference!: string;
}

@ArgsType()
export class PluginPrivilegesArgs extends EnginePath {
  @InPluginReference('Where it is: `[host[:port]/]path[:tag]`.')
  reference!: string;
}
