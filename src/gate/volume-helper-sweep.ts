import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { OwnershipService } from '../access/ownership.service.js';
import { DomainError, messageOf } from '../common/errors.js';
import { LOGGER } from '../common/logging.js';
import { isVolumeHelper, ROLE_LABEL, VOLUME_HELPER_ROLE } from '../common/reserved-labels.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { EngineRegistry } from '../engine/engine-registry.js';
import { EngineMonitor } from '../state/engine-monitor.js';
import { InstanceId } from './instance-id.js';
import { PausedContainers } from './paused-containers.js';
import { INSTANCE_LABEL, removeHelper, SESSION_LABEL } from './volume-helper.js';
import { type LeftHelper, unfinishedBy } from './volume-helper-leavings.js';

/** Longer than any session. */
const NOBODYS_AFTER_MS = 25 * 60 * 60 * 1_000;

interface Helper extends LeftHelper {
  /** Seconds since the epoch. */
  readonly Created: number;
}

/**
 * Removes what a Dockmaster that died left of its sessions on volumes: helpers, volumes that were only half filled, and lets
 * containers run on that were paused. At the start, and whenever an engine comes back.
 */
@Injectable()
export class VolumeHelperSweep implements OnApplicationShutdown {
  private readonly live = new Set<string>();
  private stopped = false;

  constructor(
    private readonly engines: EngineRegistry,
    private readonly monitor: EngineMonitor,
    private readonly id: InstanceId,
    private readonly paused: PausedContainers,
    private readonly ownership: OwnershipService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    this.monitor.onTurn(({ name, reachable }) => {
      if (reachable) void this.sweep(name);
    });
  }

  onApplicationShutdown(): void {
    this.stopped = true;
  }

  instance(): Promise<string> {
    return this.id.get();
  }

  /** Its helper is in use, from before it is made. */
  begin(session: string): void {
    this.live.add(session);
  }

  end(session: string): void {
    this.live.delete(session);
  }

  /** Never fails: what is left is looked at again the next time. */
  async sweep(engine: string): Promise<void> {
    try {
      const connection = this.engines.get(engine);
      const instance = await this.instance();
      const { body } = await connection.json<Helper[]>('ContainerList', {
        query: { all: true, filters: JSON.stringify({ label: [`${ROLE_LABEL}=${VOLUME_HELPER_ROLE}`] }) },
      });
      for (const helper of body) {
        if (this.isStopped()) return;
        if (this.isLeft(helper, instance)) await this.remove(connection, engine, helper);
      }
    } catch (error) {
      if (!this.isStopped())
        this.logger.warn(
          { engine },
          `could not look for helpers of volumes that are left: ${messageOf(error)}`,
        );
    }
  }

  private isStopped(): boolean {
    return this.stopped;
  }

  private isLeft({ Created, Names, Labels }: Helper, instance: string): boolean {
    if (!isVolumeHelper(Labels, Names) || this.live.has(Labels?.[SESSION_LABEL] ?? '')) return false;
    return Labels?.[INSTANCE_LABEL] === instance || Created * 1_000 < Date.now() - NOBODYS_AFTER_MS;
  }

  private async remove(connection: EngineConnection, engine: string, helper: Helper): Promise<void> {
    const { paused, discards: volume } = await unfinishedBy(connection, helper);
    await this.paused.resume(connection, paused);
    await removeHelper(connection, helper.Id);
    if (volume !== undefined) {
      try {
        await connection.json('VolumeDelete', { params: { name: volume } });
        await this.ownership.forget(engine, 'volume', volume);
      } catch (error) {
        const gone = error instanceof DomainError && error.kind === 'not_found';
        const used = error instanceof DomainError && error.kind === 'conflict';
        if (!gone && !used) throw error;
        if (used)
          this.logger.warn({ engine, volume }, 'a volume that was only half restored is in use, and stays');
      }
    }
    this.logger.info({ engine, volume }, 'removed the helper of a volume that was left');
  }
}
