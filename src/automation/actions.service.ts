import { Injectable } from '@nestjs/common';
import { ContainerActionsService } from '../containers/container-actions.service.js';
import type { JobContext } from '../jobs/jobs.service.js';
import { PruneService } from '../system/prune.service.js';
import type { SystemPruneReport } from '../system/prune.model.js';
import type { ActionInput } from './action.inputs.js';
import { ContainerJobs } from './container-job.service.js';
import { ContainerRecreation } from './container-recreation.service.js';
import { ServiceRollout } from './service-rollout.service.js';
import { VolumeBackupFiles } from './volume-backup-files.service.js';

/** Carries actions out, as whoever their job acts as. */
@Injectable()
export class Actions {
  constructor(
    private readonly recreation: ContainerRecreation,
    private readonly containers: ContainerActionsService,
    private readonly containerJobs: ContainerJobs,
    private readonly services: ServiceRollout,
    private readonly pruning: PruneService,
    private readonly backups: VolumeBackupFiles,
  ) {}

  /**
   * @param source the hook or schedule that it is done for
   * @returns what came of it, as its job tells
   * @throws DomainError as each of them
   */
  async carryOut(action: ActionInput, source: string, job: JobContext): Promise<object | null> {
    const { engine, target: id = '', timeoutSeconds } = action;
    const { actor } = job;
    switch (action.kind) {
      case 'recreateContainer':
        return this.recreation.recreate(action, job);
      case 'startContainer':
        await this.containers.start(actor, { engine, id }, {});
        return null;
      case 'stopContainer':
        await this.containers.stop(actor, { engine, id }, timeoutOf(timeoutSeconds));
        return null;
      case 'restartContainer':
        await this.containers.restart(actor, { engine, id }, timeoutOf(timeoutSeconds));
        return null;
      case 'runContainer':
        return this.containerJobs.run(action, job);
      case 'updateService':
        return this.services.updateImage(action, job);
      case 'scaleService':
        return this.services.scale(action, job);
      case 'prune':
        return summary(await this.pruning.prune(actor, engine, action.prune ?? {}));
      case 'backupVolume':
        return this.backups.backUp(action, source, job);
    }
  }
}

function timeoutOf(timeoutSeconds: number | undefined) {
  return timeoutSeconds === undefined ? {} : { timeoutSeconds };
}

/** Without what went, which may be more than a job's result can hold. */
function summary({ items, ...report }: SystemPruneReport) {
  return { ...report, leftCount: items.filter(({ removed }) => !removed).length };
}
