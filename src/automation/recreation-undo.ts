import { Injectable } from '@nestjs/common';
import type { ContainerInspectInfo } from 'dockerode';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { EngineHandle } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';

/** What is to be as it was. */
export interface Undoing {
  readonly engine: string;
  readonly name: string;
  /** Null where nothing has happened to it. */
  readonly oldId: string | null;
  /** Null where there is none. */
  readonly newId: string | null;
  readonly wasRunning: boolean;
}

/** Brings a container back that was to be replaced. */
@Injectable()
export class RecreationUndo {
  constructor(private readonly gate: Gate) {}

  /**
   * Removes the new container, and gives the old one its name back and starts it. What is so already is left as it is.
   *
   * @throws DomainError as the gate and the engine: it may be done again then
   */
  async bringBack(actor: Actor, { engine, name, oldId, newId, wasRunning }: Undoing): Promise<void> {
    const handle = this.gate.as(actor).engine(engine);
    if (oldId !== null && !(await inspected(handle, oldId))) return; // it was done: the old one is removed last
    if (newId !== null)
      await unlessGone(() =>
        handle.json('ContainerDelete', {
          params: { id: newId },
          query: { force: true, v: true },
          timeoutMs: 0,
        }),
      );
    if (oldId === null) return;
    const old = await inspected(handle, oldId);
    if (!old) return;
    if (old.Name !== `/${name}`)
      await handle.json('ContainerRename', { params: { id: oldId }, query: { name } });
    if (wasRunning && !old.State.Running)
      await handle.json('ContainerStart', { params: { id: oldId }, timeoutMs: 0 });
  }
}

async function inspected(handle: EngineHandle, id: string): Promise<ContainerInspectInfo | undefined> {
  const answer = await unlessGone(() =>
    handle.json<ContainerInspectInfo>('ContainerInspect', { params: { id } }),
  );
  return answer?.body;
}

async function unlessGone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not_found') return undefined;
    throw error;
  }
}
