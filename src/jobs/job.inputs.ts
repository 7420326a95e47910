import { ArgsType, InputType } from '@nestjs/graphql';
import { InChoice, InObject, InText } from '../common/input-fields.js';
import { ConnectionArgs, PageQuery } from '../common/pagination.js';
import { JOB_KINDS, JOB_STATES, type JobKind, type JobState } from './job-kinds.js';

/** Each filter is stated once, for the REST query and the GraphQL input. */
const InKind = () => InChoice({ description: 'Of this kind of work.', values: JOB_KINDS, optional: true });
const InState = () => InChoice({ description: 'In this state.', values: JOB_STATES, optional: true });
const InEngine = () => InText({ description: 'On this engine.', min: 1, max: 63, optional: true });

@InputType({ description: 'Which jobs to list. All that is given must hold.' })
export class JobFilterInput {
  @InKind()
  kind?: JobKind;

  @InState()
  state?: JobState;

  @InEngine()
  engine?: string;
}

/** The query of `GET /jobs`. */
export class ListJobsQuery extends PageQuery implements JobFilterInput {
  @InKind()
  kind?: JobKind;

  @InState()
  state?: JobState;

  @InEngine()
  engine?: string;
}

/** What the path `/jobs/{id}` carries, and the arguments of GraphQL's `job`, `cancelJob` and `jobProgress`. */
@ArgsType()
export class JobPath {
  @InText({
    description: 'The id of the job.',
    min: 36,
    max: 36,
    pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    patternHint: 'the id of a job: a UUID in lower case',
    example: '019b76da-a800-7123-8abc-0123456789ab',
  })
  id!: string;
}

/** The arguments of GraphQL's `jobs`. */
@ArgsType()
export class JobsArgs extends ConnectionArgs {
  @InObject(() => JobFilterInput, { description: 'Which jobs. Default: all.', optional: true })
  filter?: JobFilterInput;
}
