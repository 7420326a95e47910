import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import { ContainerActionsService } from '../containers/container-actions.service.js';
import { ContainerOutputService } from '../containers/container-output.service.js';
import { ContainersService } from '../containers/containers.service.js';
import type { JobContext } from '../jobs/jobs.service.js';
import type { ActionInput } from './action.inputs.js';

const DEFAULT_TIMEOUT_S = 3_600;
const LAST_LINES = 200;

/** What came of a container that ran to its end. */
export interface ContainerJobResult {
  readonly containerId: string;
  readonly exitCode: number;
}

/** Runs a container to its end, keeps the end of its log as the job's, and removes it. */
@Injectable()
export class ContainerJobs {
  constructor(
    private readonly containers: ContainersService,
    private readonly actions: ContainerActionsService,
    private readonly output: ContainerOutputService,
  ) {}

  /**
   * @param action of the kind `runContainer`
   * @throws DomainError `conflict` where it ended with another exit code than 0; `engine_timeout` where it did not end in time
   */
  async run({ engine, run, timeoutSeconds }: ActionInput, job: JobContext): Promise<ContainerJobResult> {
    const { actor, signal } = job;
    if (!run) throw new DomainError('invalid_input', 'There is no container to run');
    const { id } = await this.containers.run(actor, engine, run, signal);
    const path = { engine, id };
    try {
      const wait = { condition: 'not-running', timeoutSeconds: timeoutSeconds ?? DEFAULT_TIMEOUT_S } as const;
      const { exitCode } = await this.actions.wait(actor, path, wait, signal);
      await this.keepLog(path, job);
      if (exitCode !== 0) throw new DomainError('conflict', `The container ended with exit code ${exitCode}`);
      return { containerId: id, exitCode };
    } finally {
      await this.containers.remove(actor, path, { force: true, volumes: true });
    }
  }

  private async keepLog(
    path: { engine: string; id: string },
    { actor, signal, log }: JobContext,
  ): Promise<void> {
    const query = { follow: false, tail: LAST_LINES, timestamps: false };
    for await (const lines of await this.output.logs(actor, path, query, signal))
      for (const { message } of lines) log(message);
  }
}
