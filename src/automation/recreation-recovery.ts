import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/errors.js';
import { Housekeeping } from '../common/housekeeping.js';
import { AutomationActors } from './automation-actors.service.js';
import { RecreationStore } from './recreation-store.js';
import { RecreationUndo } from './recreation-undo.js';

const INTERVAL_MS = 60_000;

/**
 * Brings containers back, at start and every minute, whose re-creation was cut off because Dockmaster was killed. It is done as
 * the service account that began it, until it has worked.
 */
@Injectable()
export class RecreationRecovery extends Housekeeping {
  private readonly log = new Logger('Automation');

  constructor(
    private readonly store: RecreationStore,
    private readonly actors: AutomationActors,
    private readonly undo: RecreationUndo,
  ) {
    super({ everyMs: INTERVAL_MS, logger: 'Automation', failure: "re-creations can't be looked after" });
  }

  async run(): Promise<void> {
    for (const row of await this.store.abandoned()) {
      if (this.stopping) return;
      const { job_id: jobId, engine, name, old_id: oldId, new_id: newId, was_running } = row;
      try {
        // What was begun is undone also where whoever had it done may do nothing more.
        const actor = await this.actors.actorOf({ serviceAccountId: row.service_account_id, parentId: null });
        await this.undo.bringBack(actor, { engine, name, oldId, newId, wasRunning: was_running === 1 });
        await this.store.end(jobId);
        this.log.warn(`the re-creation of ${name} on ${engine} was cut off: what it had done is undone`);
      } catch (error) {
        this.log.warn(`the container ${name} on ${engine} could not be brought back: ${messageOf(error)}`);
      }
    }
  }
}
