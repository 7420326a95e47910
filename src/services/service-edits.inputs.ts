import { ArgsType, InputType } from '@nestjs/graphql';
import { type DryRunQuery, InDryRun } from '../common/dry-run.js';
import { InBoolean, InInteger } from '../common/input-fields.js';
import { InVersion } from '../swarm/swarm-fields.js';
import { MAX_REPLICAS } from './service-rollout.inputs.js';

@InputType({ description: 'How many tasks a service is to have.' })
export class ScaleServiceInput {
  @InInteger({
    description: 'Tasks of a replicated service; of a replicated job, those that are to complete.',
    min: 0,
    max: MAX_REPLICAS,
    example: 3,
  })
  replicas!: number;

  @InVersion()
  version?: number;
}

@InputType({ description: 'Which version of a service is acted on.' })
export class ServiceVersionInput {
  @InVersion()
  version?: number;
}

/** What answers to changes of services take besides. */
@ArgsType()
export class ConvergeQuery {
  @InBoolean({
    description:
      'Whether to answer with the job that ends when the tasks are as the service says, or it is known that they will not be. Default: false, the service.',
    optional: true,
    fromText: true,
  })
  converge?: boolean;
}

/** The query of `POST …/services`. */
export class CreateServiceQuery extends ConvergeQuery implements DryRunQuery {
  @InDryRun()
  dryRun?: boolean;
}

/** How long a convergence is waited for. */
@ArgsType()
export class ConvergenceQuery {
  @InInteger({
    description:
      'Seconds after which it is given up: a service whose tasks are started again and again never ends by itself. Default 600.',
    min: 1,
    max: 86_400,
    optional: true,
    fromText: true,
  })
  timeoutSeconds?: number;
}
