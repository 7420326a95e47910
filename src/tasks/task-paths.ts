import { ArgsType } from '@nestjs/graphql';
import { EnginePath } from '../common/engine-path.js';
import { InText } from '../common/input-fields.js';

/** What the path `/engines/{engine}/tasks/{id}/…` carries, and the arguments of GraphQL fields on a task. */
@ArgsType()
export class TaskPath extends EnginePath {
  @InText({
    description: "The task's id, or the start of one.",
    min: 1,
    max: 25,
    pattern: /^[a-z0-9]+$/,
    patternHint: 'a task id: lower-case letters and digits',
    example: 'oxkkv7zvwcc1bhyc72c1no7v0',
  })
  id!: string;
}
