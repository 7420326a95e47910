import { ObjectType } from '@nestjs/graphql';
import { ERROR_KINDS } from '../common/errors.js';
import {
  OutBigInteger,
  OutBoolean,
  OutChoice,
  OutInteger,
  OutJson,
  OutNumber,
  OutObject,
  OutText,
  OutTime,
} from '../common/output-fields.js';
import { ConnectionOf, PageOf, type SortKey } from '../common/pagination.js';
import { INTERRUPTED, JOB_KINDS, JOB_STATES, type JobKind, type JobState } from './job-kinds.js';

@ObjectType({ description: 'What a job works on.' })
export class JobTarget {
  @OutText('What kind of object it is: `image`, `volume`, `service` and so on.')
  kind!: string;

  @OutText('Its full id, where it is known.', { nullable: true })
  id!: string | null;

  @OutText('Its name, where it is known.', { nullable: true })
  name!: string | null;
}

@ObjectType({ description: 'How far one part of the work of a job is, such as one layer of an image.' })
export class JobProgressPart {
  @OutText('Names the part within the job.')
  id!: string;

  @OutText('What is being done with it; null where there is nothing to tell.', { nullable: true })
  message!: string | null;

  @OutBigInteger('How much is done, in the same unit as `total`; null where it is not known.', {
    nullable: true,
  })
  current!: number | null;

  @OutBigInteger('How much there is to do; null where it is not known.', { nullable: true })
  total!: number | null;
}

@ObjectType({ description: 'How far a job is.' })
export class JobProgress {
  @OutBigInteger('How much is done, in the same unit as `total`; null where it is not known.', {
    nullable: true,
  })
  current!: number | null;

  @OutBigInteger('How much there is to do; null where it is not known.', { nullable: true })
  total!: number | null;

  @OutNumber('How much is done, from 0 to 100; null where it is not known.', { nullable: true })
  percent!: number | null;

  @OutText('What is being done; null where there is nothing to tell.', { nullable: true })
  message!: string | null;

  @OutObject(() => JobProgressPart, 'Parts of the work, at most 100; empty where it has none.', {
    list: true,
  })
  parts!: JobProgressPart[];
}

@ObjectType({ description: 'Why a job failed.' })
export class JobError {
  @OutChoice(
    [...ERROR_KINDS, INTERRUPTED],
    'The kind of problem, as the `code` of a problem document; `interrupted`: Dockmaster stopped before the work had ended.',
  )
  code!: string;

  @OutText('What went wrong.')
  message!: string;
}

@ObjectType({ description: 'Who started a job.' })
export class JobCreator {
  @OutChoice(['user', 'serviceAccount', 'system'], 'What it is.')
  kind!: string;

  @OutText('Its id.')
  id!: string;

  @OutText('Its name then.')
  name!: string;
}

@ObjectType({ description: 'Long work that goes on after the request that started it.' })
export class Job {
  @OutText('Its id. Ids of later jobs are greater.')
  id!: string;

  @OutChoice(JOB_KINDS, 'What work it is.')
  kind!: JobKind;

  @OutChoice(JOB_STATES, 'How it is. The last three are final.')
  state!: JobState;

  @OutText('The engine that it works on; null for none.', { nullable: true })
  engine!: string | null;

  @OutObject(() => JobTarget, 'What it works on; null where that is the engine as a whole.', {
    nullable: true,
  })
  target!: JobTarget | null;

  @OutObject(() => JobProgress, 'How far it is.')
  progress!: JobProgress;

  @OutJson('What came of it, once it has succeeded; which fields there are depends on `kind`.', {
    nullable: true,
  })
  result!: object | null;

  @OutObject(() => JobError, 'Why it failed, once it has.', { nullable: true })
  error!: JobError | null;

  @OutBoolean('Whether somebody has asked to cancel it. It is cancelled once its work has ended.')
  cancelRequested!: boolean;

  @OutTime('When it was asked for.')
  createdAt!: string;

  @OutTime('When its work began; null while it is queued.', { nullable: true })
  startedAt!: string | null;

  @OutTime('When its work ended; null before.', { nullable: true })
  finishedAt!: string | null;

  @OutObject(() => JobCreator, 'Who started it.')
  createdBy!: JobCreator;
}

@ObjectType({ description: 'What the work of a job said, such as the output of a build.' })
export class JobLog {
  @OutText('The last lines.', { list: true })
  lines!: string[];

  @OutInteger('How many lines before those are not kept any more.')
  dropped!: number;
}

export class JobPage extends PageOf(Job) {}

/** A page of jobs in GraphQL. */
export const JobConnection = ConnectionOf(Job);

/** What the list of jobs is sorted by, descending. */
export function jobSortKey({ createdAt, id }: Job): SortKey {
  return [Date.parse(createdAt), id];
}
