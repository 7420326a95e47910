import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors.js';
import type { EngineConnection } from '../engine/engine-connection.js';
import { Authoriser } from './authoriser.js';
import type { VolumeAdmission } from './volume-access.js';

/** So many containers can be paused for one volume: their ids have to fit in a label. */
const MOST_PAUSED = 100;

interface RunningContainer {
  readonly Id: string;
  readonly Names?: readonly string[];
  readonly Labels?: Record<string, string> | null;
  readonly State: string;
}

/** Pauses what runs with a volume while its files are copied, and lets it run on afterwards in any case. */
@Injectable()
export class PausedContainers {
  constructor(private readonly authoriser: Authoriser) {}

  /**
   * The containers that run with the volume, hidden ones too: a copy that some of them write to is none that stands still.
   * @throws DomainError `forbidden` where the actor may not pause and resume one of them
   */
  async toPause({ actor, engine, connection, rights, volume }: VolumeAdmission): Promise<string[]> {
    const { body } = await connection.json<RunningContainer[]>('ContainerList', {
      query: { filters: JSON.stringify({ volume: [volume.name], status: ['running'] }) },
    });
    if (body.length > MOST_PAUSED)
      throw new DomainError('conflict', `More than ${MOST_PAUSED} containers run with the volume`);
    for (const { Id, Labels } of body) {
      const object = this.authoriser.existing(actor, engine, 'container', Id, Labels ?? {});
      for (const permission of ['containers:pause', 'containers:unpause'] as const) {
        if (!(await rights.may(permission, object)))
          throw new DomainError(
            'forbidden',
            `You need the permission ${permission} on all that runs with it`,
          );
      }
    }
    return body.map(({ Id }) => Id);
  }

  /** What has stopped meanwhile, or was paused by somebody else, is left as it is. */
  async pause(connection: EngineConnection, ids: readonly string[]): Promise<void> {
    for (const id of ids) await settle(connection.json('ContainerPause', { params: { id } }));
  }

  async resume(connection: EngineConnection, ids: readonly string[]): Promise<void> {
    const errors: unknown[] = [];
    for (const id of ids) {
      try {
        await settle(connection.json('ContainerUnpause', { params: { id } }));
      } catch (error) {
        errors.push(error); // The others are to run on in any case.
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

async function settle(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (error instanceof DomainError && isSettled(error)) return;
    throw error;
  }
}

/** The engine answers 409, and 500 in old versions, for what is (not) paused or does not run. */
function isSettled({ kind, message }: DomainError): boolean {
  return (
    kind === 'conflict' || kind === 'not_found' || /not paused|already paused|not running/i.test(message)
  );
}
