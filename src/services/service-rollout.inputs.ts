import { InputType } from '@nestjs/graphql';
import { InChoice, InInteger, InNumber, InObject, InText } from '../common/input-fields.js';
import {
  RESTART_CONDITIONS,
  ROLLBACK_FAILURE_ACTIONS,
  SERVICE_MODES,
  type ServiceModeName,
  UPDATE_FAILURE_ACTIONS,
  UPDATE_ORDERS,
} from './service-words.js';

const SECONDS = { min: 0, max: 2_073_600, optional: true } as const;
/** Far more than any swarm has been seen with. */
export const MAX_REPLICAS = 1_000_000;
const COUNT = { min: 0, max: MAX_REPLICAS, optional: true } as const;

@InputType({
  description: 'How many tasks a service has (`Mode`). Which of the modes it is cannot be changed later.',
})
export class ServiceModeInput {
  @InChoice({
    description:
      '`replicated`: as many as `replicas`. `global`: one on each node. `replicatedJob` and `globalJob`: the same, each run until it has completed.',
    values: SERVICE_MODES,
    example: 'replicated',
  })
  type!: ServiceModeName;

  @InInteger({ description: 'Tasks of a `replicated` service. Default 1.', ...COUNT, example: 3 })
  replicas?: number;

  @InInteger({ description: 'Tasks of a `replicatedJob` that run at the same time. Default 1.', ...COUNT })
  maxConcurrent?: number;

  @InInteger({
    description: 'Tasks of a `replicatedJob` that are to complete. Default: `maxConcurrent`.',
    ...COUNT,
  })
  totalCompletions?: number;
}

@InputType({ description: 'What happens when a task ends (`RestartPolicy`).' })
export class TaskRestartPolicyInput {
  @InChoice({
    description:
      'Whether another takes its place: never (`none`), after a failure, or in `any` case. Engine default `any`.',
    values: RESTART_CONDITIONS,
    optional: true,
  })
  condition?: (typeof RESTART_CONDITIONS)[number];

  @InNumber({ description: 'Seconds before the other is started. Engine default 5.', ...SECONDS })
  delaySeconds?: number;

  @InInteger({
    description: 'How often, at most, within `windowSeconds`; 0 for no limit.',
    min: 0,
    max: MAX_REPLICAS,
    optional: true,
  })
  maxAttempts?: number;

  @InNumber({ description: 'Seconds over which attempts are counted; 0 for all time.', ...SECONDS })
  windowSeconds?: number;
}

@InputType({ description: 'Which nodes tasks are given to (`Placement`).' })
export class ServicePlacementInput {
  @InText({
    description: 'Each `attribute==value` or `attribute!=value`, such as `node.role==worker`; all must hold.',
    max: 1_024,
    min: 3,
    pattern: /^[^=!]+[=!]=.*$/,
    patternHint: 'attribute==value or attribute!=value',
    list: { max: 64 },
    optional: true,
    example: ['node.labels.zone==a'],
  })
  constraints?: string[];

  @InText({
    description: 'Labels over whose values tasks are spread evenly, such as `node.labels.zone`.',
    max: 512,
    min: 1,
    list: { max: 16 },
    optional: true,
  })
  spreadOver?: string[];

  @InInteger({ description: 'Tasks of the service on one node at most; 0 for no limit.', ...COUNT })
  maxReplicasPerNode?: number;

  @InObject(() => ServicePlatformInput, {
    description: 'Platforms that the image is for. Empty: any.',
    list: { max: 32 },
    optional: true,
  })
  platforms?: ServicePlatformInput[];
}

@InputType({ description: 'A platform that an image is for.' })
export class ServicePlatformInput {
  @InText({ description: 'The kind of processor, such as `x86_64` or `amd64`.', max: 64, optional: true })
  architecture?: string;

  @InText({ description: 'The operating system, such as `linux`.', max: 64, optional: true })
  os?: string;
}

/** What updates and rollbacks are told alike. */
@InputType({ isAbstract: true })
abstract class RolloutInput {
  @InInteger({
    description: 'Tasks that are replaced at the same time; 0 for all. Engine default 1.',
    ...COUNT,
  })
  parallelism?: number;

  @InNumber({ description: 'Seconds between one group of tasks and the next.', ...SECONDS })
  delaySeconds?: number;

  @InNumber({
    description: 'Seconds that each new task is watched for failures. Engine default 5.',
    ...SECONDS,
  })
  monitorSeconds?: number;

  @InNumber({
    description: 'The share of new tasks that may fail before it counts as a failure, 0 to 1.',
    min: 0,
    max: 1,
    optional: true,
  })
  maxFailureRatio?: number;

  @InChoice({
    description:
      'Whether the old task is stopped before the new one is started. Engine default `stop-first`.',
    values: UPDATE_ORDERS,
    optional: true,
  })
  order?: (typeof UPDATE_ORDERS)[number];
}

@InputType({ description: 'How tasks are replaced when the service is changed (`UpdateConfig`).' })
export class ServiceUpdateConfigInput extends RolloutInput {
  @InChoice({
    description: 'What to do after a failure. Engine default `pause`.',
    values: UPDATE_FAILURE_ACTIONS,
    optional: true,
  })
  failureAction?: (typeof UPDATE_FAILURE_ACTIONS)[number];
}

@InputType({ description: 'How tasks are replaced when the service goes back (`RollbackConfig`).' })
export class ServiceRollbackConfigInput extends RolloutInput {
  @InChoice({
    description: 'What to do after a failure. Engine default `pause`.',
    values: ROLLBACK_FAILURE_ACTIONS,
    optional: true,
  })
  failureAction?: (typeof ROLLBACK_FAILURE_ACTIONS)[number];
}
