import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InText } from '../common/input-fields.js';

/** The name of a plugin: `[host[:port]/]path[:tag]`, or its id. */
const PLUGIN_REFERENCE = /^[a-zA-Z0-9][\w.:@/-]{0,519}$/;

/** The input field that names a plugin. */
export const InPluginReference = (description: string, { optional = false } = {}): PropertyDecorator =>
  InText({
    description,
    min: 1,
    max: 520,
    pattern: PLUGIN_REFERENCE,
    patternHint: 'a plugin name or id: letters, digits, "_", ".", "-", "/", ":" and "@"',
    example: 'example/volume-driver:latest',
    optional,
  });

/** What the path `/engines/{engine}/plugins/{name}` carries. A `/` in the name is sent as `%2F`. */
@ArgsType()
export class PluginPath extends EnginePath {
  @InPluginReference("The plugin's name or id. In a path, `/` is written `%2F`.")
  name!: string;
}
