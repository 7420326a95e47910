import { Injectable, Logger } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { Clock } from '../common/clock.js';
import { DomainError, messageOf } from '../common/errors.js';
import { JobsService } from '../jobs/jobs.service.js';
import { Actions } from './actions.service.js';
import type { ActionInput } from './action.inputs.js';
import { CLAIM_MS } from './automation-run-history.js';
import { AutomationRunStore, type RunKey, type RunSource } from './automation-run-store.js';

const JOB_KIND = { hook: 'hookRun', schedule: 'scheduleRun' } as const;
const TARGET_KIND = {
  recreateContainer: 'container',
  startContainer: 'container',
  stopContainer: 'container',
  restartContainer: 'container',
  runContainer: 'container',
  updateService: 'service',
  scaleService: 'service',
  backupVolume: 'volume',
} as const;

/** Has actions done: each as a job of the service account that it is done as, and once only for its key. */
@Injectable()
export class AutomationRuns {
  private readonly logger = new Logger('Automation');

  constructor(
    private readonly store: AutomationRunStore,
    private readonly jobs: JobsService,
    private readonly actions: Actions,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns the id of the run; undefined where there was one with this key before
   * @throws DomainError as the start of a job: the key is free again then
   */
  async once(source: RunSource, key: RunKey, actor: Actor, action: ActionInput): Promise<string | undefined> {
    // Who claimed it may have been killed before there was a job: then it was not done.
    await this.store.releaseAbandoned(source, key.key, this.clock.now() - CLAIM_MS);
    const id = await this.store.claim(source, key);
    if (id === undefined) return undefined;
    try {
      await this.start(id, source, actor, action);
    } catch (error) {
      await this.store.release(id);
      throw error;
    }
    return id;
  }

  /** Does what was claimed before; that it could not be begun is written down, and nothing is thrown. */
  async begin(
    id: string,
    source: RunSource,
    prepare: () => Promise<{ actor: Actor; action: ActionInput }>,
  ): Promise<void> {
    try {
      const { actor, action } = await prepare();
      await this.start(id, source, actor, action);
    } catch (error) {
      const foreseen = error instanceof DomainError;
      if (!foreseen) this.logger.error(`a run could not be begun: ${messageOf(error)}`);
      await this.store.notDone(id, 'failed', foreseen ? error.message : 'Something went wrong on our side');
    }
  }

  private async start(id: string, source: RunSource, actor: Actor, action: ActionInput): Promise<void> {
    const { kind, engine } = action;
    const name = action.target ?? action.run?.image;
    const target = kind === 'prune' ? undefined : { kind: TARGET_KIND[kind], name };
    const job = await this.jobs.start(actor, { kind: JOB_KIND[source.kind], engine, target }, (context) =>
      this.actions.carryOut(action, source.id, context),
    );
    await this.store.started(id, job.id);
  }
}
