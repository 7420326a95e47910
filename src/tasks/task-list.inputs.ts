import { ArgsType, InputType } from '@nestjs/graphql';
import { InChoice, InInteger, InText } from '../common/input-fields.js';
import { ChangedArgsOf, InLabelFilter, ListArgsOf, ListQueryOf } from '../common/list-inputs.js';
import { TASK_STATES, type TaskState } from './task-words.js';

const SEVERAL = { list: { max: 16 }, optional: true, fromText: true } as const;
const ID = {
  max: 25,
  min: 25,
  pattern: /^[a-z0-9]{25}$/,
  patternHint: 'a full id: 25 lower-case letters and digits',
  example: 'oxkkv7zvwcc1bhyc72c1no7v0',
  optional: true,
} as const;

@InputType({ description: 'Which tasks to list. All that is given must hold.' })
export class TaskFilter {
  @InText({ description: 'Of the service of this full id.', ...ID })
  service?: string;

  @InText({ description: 'On the node of this full id.', ...ID })
  node?: string;

  @InChoice({ description: 'In one of these states.', values: TASK_STATES, ...SEVERAL })
  state?: TaskState[];

  @InChoice({
    description: 'That are to come to one of these states: `running` for those that are not replaced.',
    values: TASK_STATES,
    ...SEVERAL,
  })
  desiredState?: TaskState[];

  @InInteger({
    description: 'Of this replica.',
    min: 1,
    max: 2 ** 31 - 1,
    optional: true,
    fromText: true,
  })
  slot?: number;

  @InLabelFilter('Of services with labels that meet all of these selectors.')
  label?: string[];
}

/** The query of `GET …/tasks`. */
export class ListTasksQuery extends ListQueryOf(TaskFilter) {}

/** The arguments of GraphQL's `tasks`. */
@ArgsType()
export class TasksArgs extends ListArgsOf(TaskFilter, 'tasks') {}

/** The arguments of GraphQL's `taskChanged`. */
@ArgsType()
export class TaskChangedArgs extends ChangedArgsOf(TaskFilter, 'tasks') {}
