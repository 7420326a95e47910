import { Injectable } from '@nestjs/common';
import type { Actor } from '../common/actor.js';
import { DomainError } from '../common/errors.js';
import type { EngineRequest } from '../gate/engine-handle.js';
import { Gate } from '../gate/gate.js';
import { toUpdateBody } from './container-create.mapper.js';
import type { ContainerPath } from './container-paths.js';
import { toChanges, toProcesses, toWaitResult } from './container-results.mapper.js';
import type {
  CommitContainerInput,
  KillContainerInput,
  RenameContainerInput,
  RestartContainerInput,
  StartContainerInput,
  StopContainerInput,
  TopContainerInput,
  UpdateContainerInput,
  WaitContainerInput,
} from './container.inputs.js';
import type {
  CommitResult,
  ContainerProcesses,
  ContainerUpdateResult,
  ContainerWaitResult,
  FilesystemChange,
} from './container-results.model.js';
import type { ResizeInput } from './exec.inputs.js';
import type { Loose } from './engine-document.js';
import { requireSupported, STOP_OPTIONS } from './engine-options.js';

/** What can be done to one container. Stopping may take as long as the container takes, so those calls have no time-out. */
@Injectable()
export class ContainerActionsService {
  constructor(private readonly gate: Gate) {}

  /** Starting what runs, or stopping what does not, changes nothing and is no error. */
  start(actor: Actor, path: ContainerPath, { detachKeys }: StartContainerInput): Promise<void> {
    return this.act(actor, path, 'ContainerStart', { query: { detachKeys }, timeoutMs: 0 });
  }

  stop(actor: Actor, path: ContainerPath, input: StopContainerInput): Promise<void> {
    return this.end(actor, path, 'ContainerStop', input);
  }

  restart(actor: Actor, path: ContainerPath, input: RestartContainerInput): Promise<void> {
    return this.end(actor, path, 'ContainerRestart', input);
  }

  kill(actor: Actor, path: ContainerPath, { signal }: KillContainerInput): Promise<void> {
    return this.act(actor, path, 'ContainerKill', { query: { signal } });
  }

  pause(actor: Actor, path: ContainerPath): Promise<void> {
    return this.act(actor, path, 'ContainerPause');
  }

  unpause(actor: Actor, path: ContainerPath): Promise<void> {
    return this.act(actor, path, 'ContainerUnpause');
  }

  rename(actor: Actor, path: ContainerPath, { name }: RenameContainerInput): Promise<void> {
    return this.act(actor, path, 'ContainerRename', { query: { name } });
  }

  resize(actor: Actor, path: ContainerPath, { width, height }: ResizeInput): Promise<void> {
    return this.act(actor, path, 'ContainerResize', { query: { w: width, h: height } });
  }

  async update(
    actor: Actor,
    { engine, id }: ContainerPath,
    input: UpdateContainerInput,
  ): Promise<ContainerUpdateResult> {
    const handle = this.gate.as(actor).engine(engine);
    const { body } = await handle.json<{ Warnings?: string[] | null }>('ContainerUpdate', {
      params: { id },
      body: toUpdateBody(input, await handle.apiVersion('ContainerUpdate')),
    });
    return { warnings: body.Warnings ?? [] };
  }

  /** @throws DomainError `engine_timeout` when the container has not stopped in time */
  async wait(
    actor: Actor,
    { engine, id }: ContainerPath,
    { condition, timeoutSeconds }: WaitContainerInput,
    signal: AbortSignal,
  ): Promise<ContainerWaitResult> {
    const timeout = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1_000);
    const messages = await this.gate
      .as(actor)
      .engine(engine)
      .messages<Loose<{ StatusCode: number; Error: { Message: string } }>>('ContainerWait', {
        params: { id },
        query: { condition },
        signal: timeout ? AbortSignal.any([signal, timeout]) : signal,
      });
    try {
      for await (const message of messages) return toWaitResult(message);
    } catch (error) {
      if (timeout?.aborted === true)
        throw new DomainError(
          'engine_timeout',
          `The container did not stop within ${String(timeoutSeconds)} s`,
        );
      throw error;
    }
    throw new DomainError('engine_error', 'The engine ended the wait without a result');
  }

  async top(
    actor: Actor,
    { engine, id }: ContainerPath,
    { psArgs }: TopContainerInput,
  ): Promise<ContainerProcesses> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .json<Loose<{ Titles: string[]; Processes: string[][] }>>('ContainerTop', {
        params: { id },
        query: { ps_args: psArgs },
      });
    return toProcesses(body);
  }

  async changes(actor: Actor, { engine, id }: ContainerPath): Promise<FilesystemChange[]> {
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .json<Loose<{ Path: string; Kind: number }[]> | null>('ContainerChanges', {
        params: { id },
        timeoutMs: 0,
      });
    return toChanges(body);
  }

  async commit(
    actor: Actor,
    { engine, id }: ContainerPath,
    input: CommitContainerInput,
  ): Promise<CommitResult> {
    const { repository, tag, comment, author, pause, changes } = input;
    const { body } = await this.gate
      .as(actor)
      .engine(engine)
      .json<{ Id: string }>('ImageCommit', {
        query: { container: id, repo: repository, tag, comment, author, pause, changes: changes?.join('\n') },
        body: {},
        timeoutMs: 0,
      });
    return { imageId: body.Id };
  }

  private async end(
    actor: Actor,
    path: ContainerPath,
    operation: 'ContainerStop' | 'ContainerRestart',
    input: StopContainerInput,
  ): Promise<void> {
    requireSupported(
      input,
      STOP_OPTIONS,
      await this.gate.as(actor).engine(path.engine).apiVersion(operation),
    );
    const { signal, timeoutSeconds } = input;
    await this.act(actor, path, operation, { query: { signal, t: timeoutSeconds }, timeoutMs: 0 });
  }

  private async act(
    actor: Actor,
    { engine, id }: ContainerPath,
    operation:
      | 'ContainerStart'
      | 'ContainerStop'
      | 'ContainerRestart'
      | 'ContainerKill'
      | 'ContainerPause'
      | 'ContainerUnpause'
      | 'ContainerRename'
      | 'ContainerResize',
    request: Omit<EngineRequest, 'params'> = {},
  ): Promise<void> {
    await this.gate
      .as(actor)
      .engine(engine)
      .json(operation, { ...request, params: { id } });
  }
}
