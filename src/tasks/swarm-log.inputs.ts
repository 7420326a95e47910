import { ArgsType } from '@nestjs/graphql';
import { InText } from '../common/input-fields.js';
import { InEngineName } from '../common/references.js';
import { LogLinesQuery } from '../containers/container-stream.inputs.js';

/** The arguments of GraphQL's `serviceLogs` and `taskLogs`. */
@ArgsType()
export class SwarmLogsArgs extends LogLinesQuery {
  @InEngineName()
  engine!: string;

  @InText({
    description: 'The id of the service or task, or the start of one; of a service also its name.',
    min: 1,
    max: 63,
    pattern: /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?$/,
    patternHint: 'an id or name: letters, digits, "_" and "-"',
    example: 'web',
  })
  id!: string;
}
