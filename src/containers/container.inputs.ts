import { InputType } from '@nestjs/graphql';
import { InBoolean, InChoice, InInteger, InObject, InText } from '../common/input-fields.js';
import { InPrunedLabels } from '../common/list-inputs.js';
import { InContainerName, InDetachKeys, InSignal } from './container-fields.js';
import { ResourceLimitsInput } from './container-resources.inputs.js';
import { RestartPolicyInput } from './container-runtime.inputs.js';
import { InPointInTime } from './engine-time.js';
import { InProcessColumns } from './process-columns.js';

@InputType({ description: 'How to start a container.' })
export class StartContainerInput {
  @InDetachKeys()
  detachKeys?: string;
}

@InputType({ description: 'How to stop or restart a container.' })
export class StopContainerInput {
  @InSignal('The signal to ask with. Default: that of the container. From API 1.42.')
  signal?: string;

  @InInteger({
    description: 'Seconds to wait before killing; -1 for no limit. Default: that of the container, or 10.',
    min: -1,
    max: 86_400,
    optional: true,
    fromText: true,
  })
  timeoutSeconds?: number;
}

@InputType({ description: 'How to restart a container.' })
export class RestartContainerInput extends StopContainerInput {}

@InputType({ description: 'Which signal to send to a container.' })
export class KillContainerInput {
  @InSignal('The signal. Default SIGKILL.')
  signal?: string;
}

@InputType({ description: 'The new name of a container.' })
export class RenameContainerInput {
  @InContainerName('The new name.')
  name!: string;
}

@InputType({
  description:
    'What to change of a container, running or not. What is left out stays, and so do limits of 0.',
})
export class UpdateContainerInput {
  @InObject(() => ResourceLimitsInput, {
    description: 'New limits. Those of block I/O by device from API 1.55.',
    optional: true,
  })
  resources?: ResourceLimitsInput;

  @InObject(() => RestartPolicyInput, { description: 'The new restart policy.', optional: true })
  restartPolicy?: RestartPolicyInput;
}

export const WAIT_CONDITIONS = ['not-running', 'next-exit', 'removed'] as const;

@InputType({ description: 'What to wait for.' })
export class WaitContainerInput {
  @InChoice({
    description:
      '`not-running` (default): at once, if it does not run. `next-exit`: the next time it stops. `removed`: it is gone.',
    values: WAIT_CONDITIONS,
    optional: true,
  })
  condition?: (typeof WAIT_CONDITIONS)[number];

  @InInteger({
    description: 'Seconds to wait at most. Default: no limit.',
    min: 1,
    max: 86_400,
    optional: true,
    fromText: true,
  })
  timeoutSeconds?: number;
}

@InputType({ description: 'How to remove a container.' })
export class RemoveContainerInput {
  @InBoolean({ description: 'Whether to kill it first, if it runs.', optional: true, fromText: true })
  force?: boolean;

  @InBoolean({ description: 'Whether to remove its anonymous volumes too.', optional: true, fromText: true })
  volumes?: boolean;

  @InBoolean({
    description: 'Whether to remove the link of that name, not the container.',
    optional: true,
    fromText: true,
  })
  link?: boolean;
}

@InputType({ description: 'Which stopped containers to remove. All, if nothing is given.' })
export class PruneContainersInput {
  @InPrunedLabels()
  label?: string[];

  @InPointInTime('Only containers created before this.')
  until?: string;
}

@InputType({ description: 'What to tell of the processes in a container.' })
export class TopContainerInput {
  @InProcessColumns()
  psArgs?: string;
}

const INSTRUCTION =
  /^(CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\s\S.*$/i;

@InputType({ description: 'The image to make of a container.' })
export class CommitContainerInput {
  @InText({
    description: 'The repository of the new image. Default: none, the image has an id only.',
    max: 255,
    min: 1,
    pattern: /^[a-zA-Z0-9[][a-zA-Z0-9._:/[\]-]*$/,
    patternHint: 'a repository, such as registry.example.com/team/app',
    optional: true,
    example: 'team/app',
  })
  repository?: string;

  @InText({
    description: 'The tag of the new image. Default `latest`.',
    max: 128,
    pattern: /^\w[\w.-]{0,127}$/,
    patternHint: 'a tag: letters, digits, "_", "." and "-"',
    optional: true,
  })
  tag?: string;

  @InText({ description: 'A remark on the new image.', max: 1_024, optional: true })
  comment?: string;

  @InText({ description: 'Who made the new image.', max: 256, optional: true })
  author?: string;

  @InBoolean({ description: 'Whether the container is paused meanwhile. Default true.', optional: true })
  pause?: boolean;

  @InText({
    description: 'Dockerfile instructions that change what the new image runs.',
    max: 8_192,
    pattern: INSTRUCTION,
    patternHint: 'a Dockerfile instruction such as ENV or CMD',
    list: { max: 64 },
    optional: true,
    example: ['CMD ["app"]'],
  })
  changes?: string[];
}
