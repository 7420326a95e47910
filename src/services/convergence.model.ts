import { ObjectType } from '@nestjs/graphql';
import { OutBigInteger, OutChoice, OutInteger, OutText } from '../common/output-fields.js';
import { CONVERGENCE_PHASES, type ConvergencePhase } from './convergence.js';
import { UPDATE_STATES, type UpdateState } from './service-words.js';

@ObjectType({ description: 'How far the tasks of a service are from what it says.' })
export class ServiceConvergence {
  @OutChoice(
    CONVERGENCE_PHASES,
    'All but the first are ends. `paused`: the swarm has stopped after a failure. `rolledBack`: it has gone back after one. `rollbackPaused`: and that failed. `failed`: tasks have failed and no others are started.',
  )
  phase!: ConvergencePhase;

  @OutChoice(UPDATE_STATES, 'How the swarm calls it.')
  updateState!: UpdateState;

  @OutText('What the swarm says of it; empty for nothing.')
  updateMessage!: string;

  @OutInteger('How many tasks are to run, or to complete.')
  desired!: number;

  @OutInteger('How many run, of the version that the service has now.')
  running!: number;

  @OutInteger('How many have completed, of a job.')
  completed!: number;

  @OutBigInteger('The version of the service.')
  version!: number;

  @OutText('Why tasks failed or cannot go on, the newest first; empty for no reason.', { list: true })
  errors!: string[];
}
